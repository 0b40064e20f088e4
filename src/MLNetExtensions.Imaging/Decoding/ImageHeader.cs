using SkiaSharp;

namespace MLNetExtensions.Imaging.Decoding;

/// <summary>Reads the sizes of images from their headers.</summary>
internal static unsafe class ImageHeader
{
    /// <summary>The size of an image, turned upright.</summary>
    /// <param name="decoder">Reads the file.</param>
    /// <param name="path">The image's file.</param>
    /// <exception cref="InvalidImageException">There is no such file, or its header is damaged.</exception>
    public static ImageSize SizeOf(PixelDecoder decoder, string path)
    {
        ReadOnlySpan<byte> encoded = decoder.ReadFile(path, row: -1);
        fixed (byte* bytes = encoded)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SKCodec codec = PixelDecoder.Open(data, PixelDecoder.DefaultMaxPixels, row: -1, path);
            return ExifOrientation.SwapsSides(ExifOrientation.Of(codec, encoded))
                ? new ImageSize(codec.Info.Height, codec.Info.Width)
                : new ImageSize(codec.Info.Width, codec.Info.Height);
        }
    }
}
