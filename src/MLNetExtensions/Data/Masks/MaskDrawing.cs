using MLNetExtensions.Data.Boxes;
using MLNetExtensions.Imaging.Decoding;
using SkiaSharp;

namespace MLNetExtensions.Data.Masks;

/// <summary>Lays the colors of classes over an image.</summary>
internal static unsafe class MaskDrawing
{
    /// <summary>A color for each class by its name; the background has none.</summary>
    public static Dictionary<string, SKColor> Colors(IEnumerable<string> classes) =>
        classes
            .Where(name => name != LabeledImages.Background)
            .Distinct(StringComparer.Ordinal)
            .Select((name, i) => (name, i))
            .ToDictionary(c => c.name, c => BoxDrawing.ColorOf(c.i), StringComparer.Ordinal);

    /// <summary>Lays a mask over a picture, enlarged or made smaller to its size.</summary>
    /// <param name="canvas">The picture.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="plane">The index of each pixel's class, row after row.</param>
    /// <param name="size">The mask's size.</param>
    /// <param name="classes">The names of the classes by index.</param>
    /// <param name="ignoredIndex">The index of pixels that do not count, which are white; null if all do.</param>
    /// <param name="colors">The colors by name; a class without one is clear.</param>
    /// <param name="opacity">How much of the picture colors cover, 0 to 1.</param>
    public static void Cover(
        SKCanvas canvas,
        int width,
        int height,
        ReadOnlySpan<byte> plane,
        ImageSize size,
        IReadOnlyList<string> classes,
        int? ignoredIndex,
        IReadOnlyDictionary<string, SKColor> colors,
        float opacity
    )
    {
        uint[] byIndex = new uint[256];
        for (int i = 0; i < byIndex.Length; i++)
            if (i == ignoredIndex)
                byIndex[i] = 0xFFFFFFFF;
            else if (i < classes.Count && colors.TryGetValue(classes[i], out SKColor color))
                byIndex[i] = (uint)color;
        // An SKColor is blue, green, red, alpha in memory, as the bitmap's pixels are.
        uint[] pixels = new uint[plane.Length];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = byIndex[plane[i]];
        fixed (uint* first = pixels)
        {
            using var mask = new SKBitmap();
            mask.InstallPixels(new SKImageInfo(size.Width, size.Height, SKColorType.Bgra8888, SKAlphaType.Premul), (nint)first);
            using var paint = new SKPaint
            {
                Color = SKColors.White.WithAlpha((byte)Math.Round(255 * opacity)),
                FilterQuality = SKFilterQuality.None,
            };
            canvas.DrawBitmap(mask, new SKRect(0, 0, width, height), paint);
            canvas.Flush();
        }
    }
}
