using SkiaSharp;

namespace MLNetExtensions.TrainingContract.Explanation;

/// <summary>Files of gray noise, each with a square patch somewhere that is red, green or blue, in turn.</summary>
internal sealed class PatchImages : IDisposable
{
    public const int Side = 32,
        Patch = 10;

    private static readonly SKColor[] Colors = [SKColors.Red, SKColors.Lime, SKColors.Blue];
    private readonly TemporaryFolder _folder = new();

    public PatchImages(int count, int seed)
    {
        var random = new Random(seed);
        Rows = [.. Enumerable.Range(0, count).Select(i => Draw(random, i))];
    }

    public Row[] Rows { get; }

    public string PathOf(string name) => Path.Combine(_folder.Path, name);

    public void Dispose() => _folder.Dispose();

    private Row Draw(Random random, int number)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(Side, Side, SKColorType.Bgra8888, SKAlphaType.Opaque));
        for (int y = 0; y < Side; y++)
        for (int x = 0; x < Side; x++)
        {
            byte level = (byte)random.Next(60, 200);
            bitmap.SetPixel(x, y, new SKColor(level, level, level));
        }
        int left = random.Next(Side - Patch),
            top = random.Next(Side - Patch);
        bitmap.Erase(Colors[number % 3], new SKRectI(left, top, left + Patch, top + Patch));
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return new Row
        {
            ImagePath = _folder.Add($"{number}.png", png.ToArray()),
            Label = new[] { "red", "green", "blue" }[number % 3],
            Left = left,
            Top = top,
        };
    }

    internal sealed class Row
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";

        public int Left { get; set; }

        public int Top { get; set; }

        /// <summary>True if a pixel is of the patch.</summary>
        public bool Holds(int x, int y) => x >= Left && x < Left + Patch && y >= Top && y < Top + Patch;
    }
}
