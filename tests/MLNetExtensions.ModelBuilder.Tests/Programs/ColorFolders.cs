using SkiaSharp;

namespace MLNetExtensions.ModelBuilder.Programs;

/// <summary>Folders of small images, of which each class is mostly of one color.</summary>
internal static class ColorFolders
{
    private static readonly (string Name, SKColor Color)[] Classes =
    [
        ("blue", new SKColor(40, 60, 200)),
        ("green", new SKColor(50, 190, 60)),
        ("red", new SKColor(210, 40, 50)),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. Classes.Select(c => c.Name)];

    /// <summary>Draws a sub-folder of images for each class.</summary>
    /// <returns>The files.</returns>
    public static string[] Draw(string folder, int perClass, int seed = 1)
    {
        var random = new Random(seed);
        var files = new List<string>();
        foreach ((string name, SKColor color) in Classes)
        {
            string sub = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
            for (int i = 0; i < perClass; i++)
            {
                // Names with a space and an umlaut, as users have them.
                string file = Path.Combine(sub, $"Bild {i} für {name}.{(i % 2 == 0 ? "png" : "jpg")}");
                using SKBitmap bitmap = Noise(color, random);
                using FileStream stream = File.Create(file);
                bitmap.Encode(stream, i % 2 == 0 ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg, 90);
                files.Add(file);
            }
        }
        return [.. files];
    }

    private static SKBitmap Noise(SKColor color, Random random)
    {
        var bitmap = new SKBitmap(new SKImageInfo(40, 36, SKColorType.Bgra8888, SKAlphaType.Opaque));
        for (int y = 0; y < bitmap.Height; y++)
        for (int x = 0; x < bitmap.Width; x++)
            bitmap.SetPixel(x, y, new SKColor(Near(color.Red), Near(color.Green), Near(color.Blue)));
        return bitmap;

        byte Near(byte value) => (byte)Math.Clamp(value + random.Next(-40, 40), 0, 255);
    }
}
