using SkiaSharp;

namespace MLNetExtensions.Data;

/// <summary>Encodes planar pixels as files.</summary>
internal static unsafe class PictureEncoder
{
    /// <summary>Encodes a picture.</summary>
    /// <param name="planes">[3, height, width], RGB.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="jpegQuality">1 to 100; null for PNG.</param>
    /// <returns>The file's bytes; the caller's.</returns>
    public static SKData Encode(ReadOnlySpan<byte> planes, int width, int height, int? jpegQuality)
    {
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        byte[] packed = new byte[info.BytesSize];
        PlanarPixels.ToRgba(planes, packed);
        fixed (byte* address = packed)
        {
            using var pixmap = new SKPixmap(info, (nint)address, info.RowBytes);
            return pixmap.Encode(jpegQuality is null ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg, jpegQuality ?? 100)
                ?? throw new InvalidOperationException($"Skia could not encode {width} x {height} pixels.");
        }
    }
}
