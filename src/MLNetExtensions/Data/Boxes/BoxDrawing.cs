using MLNetExtensions.Imaging.Boxes;
using SkiaSharp;

namespace MLNetExtensions.Data.Boxes;

/// <summary>Draws boxes with captions.</summary>
internal static class BoxDrawing
{
    // Steps of this many degrees never come near where they were before.
    private const float GoldenAngle = 137.508f;

    /// <summary>A color for each label, the same in every image.</summary>
    public static SKColor ColorOf(string label) => SKColor.FromHsv(label.Aggregate(7u, (hash, c) => (hash * 31) + c) % 360, 80, 75);

    /// <summary>A color for each class of a list, far from those before it.</summary>
    public static SKColor ColorOf(int index) => SKColor.FromHsv(index * GoldenAngle % 360, 85, index % 2 == 0 ? 85 : 60);

    /// <summary>Draws boxes.</summary>
    /// <param name="canvas">Receives them.</param>
    /// <param name="boxes">The boxes in pixels of the canvas, their colors, and what to write above them.</param>
    /// <param name="stroke">The width of lines in pixels.</param>
    public static void Draw(SKCanvas canvas, IEnumerable<(ImageBox Box, SKColor Color, string Caption)> boxes, float stroke)
    {
        using var line = new SKPaint
        {
            Style = SKPaintStyle.Stroke,
            StrokeWidth = stroke,
            IsAntialias = true,
        };
        using var back = new SKPaint { Style = SKPaintStyle.Fill };
        using var text = new SKPaint
        {
            Color = SKColors.White,
            TextSize = Math.Max(10, 6 * stroke),
            IsAntialias = true,
        };
        foreach ((ImageBox box, SKColor color, string caption) in boxes)
        {
            line.Color = back.Color = color;
            canvas.DrawRect(new SKRect(box.Left, box.Top, box.Right, box.Bottom), line);
            float top = Math.Max(0, box.Top - text.TextSize - stroke);
            canvas.DrawRect(
                new SKRect(box.Left, top, box.Left + text.MeasureText(caption) + (2 * stroke), top + text.TextSize + stroke),
                back
            );
            canvas.DrawText(caption, box.Left + stroke, top + text.TextSize, text);
        }
    }
}
