using MLNetExtensions.Imaging.Pixels;
using SkiaSharp;

namespace MLNetExtensions.Imaging.Decoding;

/// <summary>Decodes images in their own size.</summary>
internal static unsafe class WholeImage
{
    /// <summary>Decodes an image, turned upright.</summary>
    /// <param name="decoder">Decodes it.</param>
    /// <param name="encoded">The bytes of its file.</param>
    /// <param name="path">The file to name in errors; null where there is none.</param>
    /// <param name="channels">1, 3 or 4.</param>
    /// <exception cref="InvalidImageException">The bytes cannot be decoded in full.</exception>
    public static RasterImage Decode(PixelDecoder decoder, ReadOnlySpan<byte> encoded, string? path, int channels)
    {
        fixed (byte* bytes = encoded)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SKCodec codec = PixelDecoder.Open(data, PixelDecoder.DefaultMaxPixels, row: -1, path);
            ReadOnlySpan<byte> pixels = decoder.Decode(codec, encoded, row: -1, path, out SKImageInfo info);
            var planes = new byte[channels * info.Width * info.Height];
            PlanarPixels.From(pixels, isRgba: false, channels, planes);
            return new RasterImage(planes, info.Width, info.Height, channels);
        }
    }
}
