using SkiaSharp;

namespace MLNetExtensions.Stories.Tests.Drawing;

/// <summary>A red disc, a green square or a blue triangle on gray noise, drawn alike for the same number.</summary>
internal static class Shape
{
    public static readonly string[] Names = ["disc", "square", "triangle"];

    public const int Side = 32;

    public static byte[] Png(string name, int number, int side = Side, bool isGray = false)
    {
        var random = new Random(number);
        using var bitmap = new SKBitmap(new SKImageInfo(side, side, SKColorType.Bgra8888, SKAlphaType.Opaque));
        for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++)
        {
            byte level = (byte)random.Next(40, 90);
            bitmap.SetPixel(x, y, new SKColor(level, level, level));
        }
        using (var canvas = new SKCanvas(bitmap))
        using (var paint = new SKPaint())
        {
            float size = side * (0.25f + (0.1f * random.NextSingle())),
                x = side * (0.4f + (0.2f * random.NextSingle())),
                y = side * (0.4f + (0.2f * random.NextSingle()));
            paint.Color = isGray ? Level(name) : Color(name);
            switch (name)
            {
                case "disc":
                    canvas.DrawCircle(x, y, size, paint);
                    break;
                case "square":
                    canvas.DrawRect(x - size, y - size, 2 * size, 2 * size, paint);
                    break;
                case "triangle":
                    using (var path = new SKPath())
                    {
                        path.MoveTo(x, y - size);
                        path.LineTo(x + size, y + size);
                        path.LineTo(x - size, y + size);
                        path.Close();
                        canvas.DrawPath(path, paint);
                    }
                    break;
                default:
                    throw new ArgumentException($"There is no shape '{name}'; there are {string.Join(", ", Names)}.", nameof(name));
            }
        }
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static SKColor Color(string name) =>
        name switch
        {
            "disc" => SKColors.Red,
            "square" => SKColors.Lime,
            _ => SKColors.Blue,
        };

    private static SKColor Level(string name) =>
        name switch
        {
            "disc" => new SKColor(255, 255, 255),
            "square" => new SKColor(140, 140, 140),
            _ => new SKColor(0, 0, 0),
        };
}
