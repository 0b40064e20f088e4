using SkiaSharp;

namespace MLNetExtensions.TestData;

/// <summary>Images that tests draw and encode themselves.</summary>
internal static class TestImages
{
    /// <summary>Gradients, edges and noise, so that a resampler or a layout that is off by one shows. Premultiplied, B, G, R, A.</summary>
    public static SKBitmap Pattern(int width, int height, bool hasAlpha = false)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Bgra8888, hasAlpha ? SKAlphaType.Premul : SKAlphaType.Opaque));
        var random = new Random(width + (1000 * height));
        for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            bitmap.SetPixel(
                x,
                y,
                new SKColor(
                    (byte)(x * 255 / width),
                    (byte)(y * 255 / height),
                    (byte)(((x / 8) + (y / 8)) % 2 * 200 + random.Next(55)),
                    (byte)(hasAlpha ? (x + y) * 255 / (width + height) : 255)
                )
            );
        return bitmap;
    }

    /// <summary>One channel; Skia encodes it as a grayscale file.</summary>
    public static SKBitmap Gray(int width, int height)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque));
        Span<byte> pixels;
        unsafe
        {
            pixels = new Span<byte>((void*)bitmap.GetPixels(), bitmap.ByteCount);
        }
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i * 7 % 251);
        return bitmap;
    }

    /// <summary>Encodes and disposes a bitmap.</summary>
    public static byte[] Encode(SKBitmap bitmap, SKEncodedImageFormat format)
    {
        using (bitmap)
        using (SKData data = bitmap.Encode(format, 90))
            return data.ToArray();
    }
}
