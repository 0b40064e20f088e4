using MLNetExtensions.Data.Masks;
using MLNetExtensions.Imaging.Decoding;
using SkiaSharp;

namespace MLNetExtensions.Reports.Pixels;

/// <summary>Masks as pictures that lie over photos.</summary>
/// <param name="classes">The names of the classes by index.</param>
/// <param name="ignoredIndex">The index of pixels that do not count, which are white; null if all do.</param>
internal sealed class MaskOverlay(IReadOnlyList<string> classes, int? ignoredIndex)
{
    private readonly Dictionary<string, SKColor> _colors = MaskDrawing.Colors(classes);

    /// <summary>The color of a class, <c>#rrggbb</c>; null for the background.</summary>
    public string? ColorOf(string name) =>
        _colors.TryGetValue(name, out SKColor color) ? $"#{color.Red:x2}{color.Green:x2}{color.Blue:x2}" : null;

    /// <summary>A mask as a data URI of a PNG file.</summary>
    public string Source(SmallMask mask)
    {
        using var picture = new SKBitmap(new SKImageInfo(mask.Width, mask.Height, SKColorType.Bgra8888, SKAlphaType.Premul));
        using (var canvas = new SKCanvas(picture))
        {
            canvas.Clear(SKColors.Transparent);
            MaskDrawing.Cover(
                canvas,
                mask.Width,
                mask.Height,
                mask.Plane,
                new ImageSize(mask.Width, mask.Height),
                classes,
                ignoredIndex,
                _colors,
                opacity: 1
            );
        }
        using SKData png = picture.Encode(SKEncodedImageFormat.Png, 100);
        return $"data:image/png;base64,{Convert.ToBase64String(png.AsSpan())}";
    }
}
