using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Pixels;
using SkiaSharp;

namespace MLNetExtensions.Trainers.Augmenting;

/// <summary>An image of a row, not yet decoded.</summary>
/// <param name="Row">The row, from 0.</param>
/// <param name="Label">The row's label; empty without.</param>
/// <param name="Path">The image's file.</param>
/// <param name="Encoded">The image's bytes, where the column holds those.</param>
/// <param name="Decoded">The image, where the column holds images.</param>
/// <param name="Bad">The reason why the row has no image.</param>
internal sealed record SourceImage(
    long Row,
    string Label,
    string? Path = null,
    byte[]? Encoded = null,
    PlanarImage? Decoded = null,
    InvalidImageException? Bad = null
)
{
    /// <summary>Decodes the image at its full size, upright.</summary>
    /// <exception cref="InvalidImageException">It could not be read, or cannot be decoded in full.</exception>
    /// <param name="decoder">Decodes files and bytes.</param>
    /// <param name="channels">1, 3 or 4.</param>
    public unsafe PlanarImage Decode(PixelDecoder decoder, int channels)
    {
        if (Bad is not null)
            throw Bad;
        if (Decoded is not null)
            return Decoded;
        ReadOnlySpan<byte> bytes = Path is null ? Encoded : decoder.ReadFile(Path, Row);
        fixed (byte* address = bytes)
        {
            using SKData data = SKData.Create((nint)address, bytes.Length);
            using SKCodec codec = PixelDecoder.Open(data, ImageDecoder.DefaultMaxPixels, Row, Path);
            ReadOnlySpan<byte> pixels = decoder.Decode(codec, data.AsSpan(), Row, Path, out SKImageInfo info);
            byte[] planes = new byte[pixels.Length / 4 * channels];
            PlanarPixels.From(pixels, isRgba: false, channels, planes);
            return new PlanarImage(planes, info.Width, info.Height);
        }
    }
}
