using MLNetExtensions.Imaging.Pixels;
using SkiaSharp;

namespace MLNetExtensions.Imaging.Decoding;

/// <summary>Encodes planar pixels as files.</summary>
internal static unsafe class ImageEncoder
{
    /// <summary>Encodes an image.</summary>
    /// <param name="planes">[channels, height, width]: red, green, blue; gray; or red, green, blue, alpha.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="jpegQuality">1 to 100; null for PNG.</param>
    /// <returns>The file's bytes; the caller's.</returns>
    public static SKData Encode(ReadOnlySpan<byte> planes, int width, int height, int? jpegQuality) =>
        Encode(planes, width, height, jpegQuality is null ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg, jpegQuality ?? 100);

    /// <summary>Encodes an image.</summary>
    /// <param name="planes">[channels, height, width]: red, green, blue; gray; or red, green, blue, alpha.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="format">The kind of file.</param>
    /// <param name="quality">1 to 100; of no meaning for PNG.</param>
    /// <returns>The file's bytes; the caller's.</returns>
    public static SKData Encode(ReadOnlySpan<byte> planes, int width, int height, SKEncodedImageFormat format, int quality)
    {
        SkiaLibrary.Load();
        int channels = planes.Length / (width * height);
        var info = new SKImageInfo(
            width,
            height,
            channels == 1 ? SKColorType.Gray8 : SKColorType.Rgba8888,
            channels == 4 ? SKAlphaType.Unpremul : SKAlphaType.Opaque
        );
        byte[] packed = new byte[info.BytesSize];
        if (channels == 1)
            planes.CopyTo(packed);
        else
            PlanarPixels.ToRgba(planes[..(3 * width * height)], packed);
        if (channels == 4)
            for (int i = 0; i < width * height; i++)
                packed[(4 * i) + 3] = planes[(3 * width * height) + i];
        fixed (byte* address = packed)
        {
            using var pixmap = new SKPixmap(info, (nint)address, info.RowBytes);
            return pixmap.Encode(format, quality)
                ?? throw new InvalidOperationException($"Skia could not encode {width} x {height} pixels.");
        }
    }
}
