using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>The way from a network's mask to the image's.</summary>
/// <param name="Width">The network's pixels in a row.</param>
/// <param name="Height">Its rows.</param>
/// <param name="ResizeMode">The way images are resized to it.</param>
internal sealed record MaskRule(int Width, int Height, ImageResizeMode ResizeMode)
{
    private const float Version = 1;

    /// <summary>The rule of numbers in a model that was saved before decodings were nodes of graphs.</summary>
    /// <exception cref="InvalidDataException">They are no rule of this version.</exception>
    public static MaskRule FromNumbers(ReadOnlySpan<float> numbers) =>
        numbers is [Version, var width, var height, var mode]
            ? new MaskRule((int)width, (int)height, (ImageResizeMode)mode)
            : throw new InvalidDataException(
                $"The model's rule for masks has {numbers.Length} numbers of version {(numbers.Length > 0 ? numbers[0] : 0)}; this library "
                    + $"reads 4 of version {Version}. Load it with the version of MLNetExtensions that saved it."
            );

    /// <summary>The number of pixels of an image's mask; the network's where the image's size is not known.</summary>
    public int CountOf(ImageSize image) => image.Width == 0 ? Width * Height : image.Width * image.Height;

    /// <summary>Makes the mask of an image.</summary>
    /// <param name="network">The network's mask.</param>
    /// <param name="image">The image's size; nothing where it is not known.</param>
    /// <param name="mask">Receives the mask.</param>
    public void Restore(ReadOnlySpan<byte> network, ImageSize image, Span<byte> mask)
    {
        if (image.Width == 0)
            network.CopyTo(mask);
        else
            Letterbox.Of(image.Width, image.Height, Width, Height, ResizeMode).RestoreMask(network, Width, mask);
    }
}
