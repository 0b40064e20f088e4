using SkiaSharp;

namespace SegmentationSample;

/// <summary>Lays the colors of classes over an image.</summary>
internal static class Overlay
{
    /// <param name="imagePath">The image's file.</param>
    /// <param name="mask">The index of each pixel's class, row after row; 0 is left as it is.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="outputPath">The PNG file to write.</param>
    public static void Write(string imagePath, ReadOnlySpan<byte> mask, int classes, string outputPath)
    {
        using SKBitmap image = SKBitmap.Decode(imagePath);
        for (int y = 0; y < image.Height; y++)
        for (int x = 0; x < image.Width; x++)
            if (mask[(y * image.Width) + x] is > 0 and var index)
                image.SetPixel(x, y, Mix(image.GetPixel(x, y), SKColor.FromHsv(360f * (index - 1) / (classes - 1), 100, 100)));
        using FileStream file = File.Create(outputPath);
        image.Encode(file, SKEncodedImageFormat.Png, 100);
    }

    private static SKColor Mix(SKColor one, SKColor other) =>
        new((byte)((one.Red + other.Red) / 2), (byte)((one.Green + other.Green) / 2), (byte)((one.Blue + other.Blue) / 2));
}
