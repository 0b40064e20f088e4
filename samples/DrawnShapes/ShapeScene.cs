using SkiaSharp;

namespace DrawnShapes;

/// <summary>An image with circles, rectangles and triangles of any color, size and turn on a textured background.</summary>
internal sealed class ShapeScene : IDisposable
{
    public static readonly IReadOnlyList<string> Classes = ["circle", "rectangle", "triangle"];

    // Tries to find a place that no other object covers.
    private const int Tries = 20;

    private readonly Random _random;
    private readonly float _hue;
    private readonly bool _isEasy;
    private readonly List<DrawnObject> _objects = [];

    /// <param name="side">The image's width and height in pixels.</param>
    /// <param name="mostObjects">There are none to this many objects.</param>
    /// <param name="random">Draws everything.</param>
    /// <param name="isEasy">True for large shapes on gray, each class in a color of its own.</param>
    public ShapeScene(int side, int mostObjects, Random random, bool isEasy = false)
    {
        (_random, _isEasy) = (random, isEasy);
        _hue = Between(0, 360);
        Image = new SKBitmap(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Mask = new SKBitmap(new SKImageInfo(side, side, SKColorType.Gray8, SKAlphaType.Opaque));
        using var image = new SKCanvas(Image);
        using var mask = new SKCanvas(Mask);
        mask.Clear(SKColors.Black);
        DrawBackground(image);
        int objects = random.Next(mostObjects + 1);
        for (int i = 0; i < objects; i++)
            DrawObject(image, mask);
    }

    /// <summary>The image, in colors.</summary>
    public SKBitmap Image { get; }

    /// <summary>A gray level for each pixel: 0 for the background, 1 for the first class.</summary>
    public SKBitmap Mask { get; }

    /// <summary>The objects; those that were drawn later lie above.</summary>
    public IReadOnlyList<DrawnObject> Objects => _objects;

    public void Dispose()
    {
        Image.Dispose();
        Mask.Dispose();
    }

    private void DrawBackground(SKCanvas canvas)
    {
        canvas.Clear(SKColor.FromHsv(_hue, _isEasy ? 0 : Between(20, 60), Between(35, 75)));
        using var noise = new SKPaint
        {
            Shader = SKShader.CreatePerlinNoiseFractalNoise(Between(0.02f, 0.2f), Between(0.02f, 0.2f), 2, _random.Next(1000)),
            Color = SKColors.White.WithAlpha((byte)_random.Next(40, 120)),
        };
        canvas.DrawPaint(noise);
    }

    private void DrawObject(SKCanvas image, SKCanvas mask)
    {
        int shape = _random.Next(Classes.Count);
        for (int i = 0; i < Tries; i++)
        {
            using SKPath path = Outline(shape);
            SKRect box = path.TightBounds;
            if (_objects.Exists(other => Covers(other.Box, box)))
                continue;
            // A color from the other side of the wheel stands out from the background.
            using var fill = new SKPaint
            {
                IsAntialias = true,
                Color = _isEasy
                    ? SKColor.FromHsv(360f * shape / Classes.Count, 100, 100)
                    : SKColor.FromHsv((_hue + Between(90, 270)) % 360, Between(60, 100), Between(40, 100)),
            };
            image.DrawPath(path, fill);
            byte level = (byte)(shape + 1);
            using var index = new SKPaint { Color = new SKColor(level, level, level) };
            mask.DrawPath(path, index);
            _objects.Add(new DrawnObject(shape, box));
            return;
        }
    }

    /// <summary>An outline somewhere within the image.</summary>
    private SKPath Outline(int shape)
    {
        float side = Image.Width,
            radius = side * Between(_isEasy ? 0.13f : 0.07f, 0.2f);
        var path = new SKPath();
        switch (shape)
        {
            case 0:
                path.AddCircle(0, 0, radius);
                break;
            case 1:
                float half = Between(0.5f, 1) * radius;
                path.AddRect(new SKRect(-radius, -half, radius, half));
                break;
            default:
                path.AddPoly([
                    new SKPoint(radius, 0),
                    new SKPoint(-0.6f * radius, 0.8f * radius),
                    new SKPoint(-0.6f * radius, -0.8f * radius),
                ]);
                break;
        }
        path.Transform(SKMatrix.CreateRotationDegrees(Between(0, 360)));
        SKRect box = path.TightBounds;
        path.Offset(Between(-box.Left, side - box.Right), Between(-box.Top, side - box.Bottom));
        return path;
    }

    /// <summary>True if two boxes share much of the smaller one.</summary>
    private static bool Covers(SKRect one, SKRect other)
    {
        SKRect both = SKRect.Intersect(one, other);
        return both.Width * both.Height > 0.15f * Math.Min(one.Width * one.Height, other.Width * other.Height);
    }

    private float Between(float least, float most) => least + (_random.NextSingle() * (most - least));
}
