using MLNetExtensions.TestData;
using SkiaSharp;

namespace MLNetExtensions.Tool.Tests;

/// <summary>A folder of images that are mostly red, green or blue, with a sub-folder for each color.</summary>
internal sealed class ColorFolders : IDisposable
{
    private static readonly string[] Names = ["blue", "green", "red"];

    private readonly TemporaryFolder _folder = new();

    /// <param name="perClass">The number of images of each color.</param>
    /// <param name="part">A sub-folder for them, such as train/; empty for none.</param>
    public ColorFolders(int perClass, string part = "") => Add(perClass, part);

    public string Path => _folder.Path;

    /// <summary>A path below the folder's parent, for runs and outputs; deleted with it.</summary>
    public string At(string name) => System.IO.Path.Combine(_folder.Path + "-work", name);

    public void Add(int perClass, string part, int seed = 0)
    {
        for (int color = 0; color < Names.Length; color++)
        for (int i = 0; i < perClass; i++)
            _folder.Add($"{part}{Names[color]}/{i + seed:000}.png", Draw(color, 1000 * color + i + seed));
    }

    public string AddFile(string name, ReadOnlySpan<byte> content) => _folder.Add(name, content);

    public static byte[] Draw(int color, int seed)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(40, 36, SKColorType.Bgra8888, SKAlphaType.Opaque));
        var random = new Random(seed);
        for (int y = 0; y < bitmap.Height; y++)
        for (int x = 0; x < bitmap.Width; x++)
            bitmap.SetPixel(x, y, new SKColor(Channel(2), Channel(1), Channel(0)));
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 90);
        return data.ToArray();

        byte Channel(int channel) => (byte)(random.Next(100) + (color == channel ? 100 + (seed % 40) : 0));
    }

    public void Dispose()
    {
        _folder.Dispose();
        if (Directory.Exists(_folder.Path + "-work"))
            Directory.Delete(_folder.Path + "-work", recursive: true);
    }
}
