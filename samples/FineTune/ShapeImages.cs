using SkiaSharp;

namespace FineTuneSample;

/// <summary>
/// A small labeled image set, drawn anew in a temporary folder: filled shapes of any color, size and turn on noisy backgrounds.
/// </summary>
internal sealed class ShapeImages : IDisposable
{
    private const int Side = 64;

    private static readonly (string Label, int Corners, float Waist)[] Shapes =
    [
        ("circle", 0, 1),
        ("square", 4, 1),
        ("star", 5, 0.45f),
        ("triangle", 3, 1),
    ];

    /// <param name="perClass">The number of images of each shape.</param>
    /// <param name="seed">The same seed draws the same images.</param>
    public ShapeImages(int perClass, int seed)
    {
        Folder = Directory.CreateTempSubdirectory("shapes-").FullName;
        var random = new Random(seed);
        foreach ((string label, int corners, float waist) in Shapes)
        {
            string folder = Directory.CreateDirectory(Path.Combine(Folder, label)).FullName;
            for (int i = 0; i < perClass; i++)
            {
                using SKBitmap image = Draw(corners, waist, random);
                using FileStream file = File.Create(Path.Combine(folder, $"{i:000}.png"));
                image.Encode(file, SKEncodedImageFormat.Png, 100);
            }
        }
    }

    public string Folder { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static SKBitmap Draw(int corners, float waist, Random random)
    {
        var bitmap = new SKBitmap(Side, Side);
        using var canvas = new SKCanvas(bitmap);
        float hue = random.NextSingle() * 360;
        canvas.Clear(SKColor.FromHsv(hue, 30 + random.NextSingle() * 30, 40 + random.NextSingle() * 30));
        using var noise = new SKPaint
        {
            Shader = SKShader.CreatePerlinNoiseFractalNoise(0.1f, 0.1f, 2, random.Next(1000)),
            Color = SKColors.White.WithAlpha(60),
        };
        canvas.DrawPaint(noise);

        float radius = Side * (0.25f + random.NextSingle() * 0.18f);
        float room = Side - 2 * radius;
        canvas.Translate(radius + random.NextSingle() * room, radius + random.NextSingle() * room);
        canvas.RotateDegrees(random.NextSingle() * 360);
        // A color from the other side of the wheel stands out from the background.
        using var fill = new SKPaint
        {
            IsAntialias = true,
            Color = SKColor.FromHsv((hue + 120 + random.NextSingle() * 120) % 360, 80, 70 + random.NextSingle() * 30),
        };
        using SKPath path = Outline(corners, waist, radius);
        canvas.DrawPath(path, fill);
        return bitmap;
    }

    /// <summary>A regular polygon; a waist below 1 draws the points between the corners nearer to the center, which makes a star.</summary>
    private static SKPath Outline(int corners, float waist, float radius)
    {
        var path = new SKPath();
        if (corners == 0)
        {
            path.AddCircle(0, 0, radius);
            return path;
        }
        int points = waist < 1 ? 2 * corners : corners;
        path.AddPoly([
            .. Enumerable
                .Range(0, points)
                .Select(i =>
                {
                    float reach = waist < 1 && i % 2 == 1 ? radius * waist : radius;
                    double angle = 2 * Math.PI * i / points;
                    return new SKPoint(reach * (float)Math.Cos(angle), reach * (float)Math.Sin(angle));
                }),
        ]);
        return path;
    }
}
