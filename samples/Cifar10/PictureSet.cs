using Microsoft.ML;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Cifar10;

/// <summary>Pictures of 32x32 pixels in memory: planar red, green, blue bytes after one another, and the class of each.</summary>
internal sealed record PictureSet(byte[] Pixels, int[] Labels)
{
    public const int Side = 32, Channels = 3, Size = Channels * Side * Side;

    /// <summary>The classes in CIFAR-10's order.</summary>
    public static readonly string[] Classes = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    public int Count => Labels.Length;

    /// <summary>Reads a folder with a lossless sheet for each class, CLASS.webp: 100 pictures a row.</summary>
    public static PictureSet Read(string folder)
    {
        byte[][] sheets = [.. Classes.AsParallel().AsOrdered().Select(name => ReadSheet(Path.Combine(folder, name + ".webp")))];
        return new PictureSet(
            [.. sheets.SelectMany(sheet => sheet)],
            [.. sheets.SelectMany((sheet, label) => Enumerable.Repeat(label, sheet.Length / Size))]);
    }

    /// <summary>A picture's planes.</summary>
    public ReadOnlySpan<byte> PixelsOf(int row) => Pixels.AsSpan(row * Size, Size);

    /// <summary>The pictures as a view: Image, a vector of Single [3,32,32] as ExtractPixels makes it, and Label, a key.</summary>
    public IDataView ToView(MLContext ml)
    {
        IDataView view = ml.Data.LoadFromEnumerable(Enumerable.Range(0, Count).Select(row =>
        {
            float[] image = new float[Size];
            ReadOnlySpan<byte> pixels = PixelsOf(row);
            for (int i = 0; i < image.Length; i++)
                image[i] = pixels[i];
            return new Picture { Image = image, Label = Classes[Labels[row]] };
        }));
        IDataView classes = ml.Data.LoadFromEnumerable(Classes.Select(name => new Class { Label = name }));
        return ml.Transforms.Conversion.MapValueToKey("Label", keyData: classes).Fit(classes).Transform(view);
    }

    /// <summary>The pictures at some indices.</summary>
    public PictureSet Take(ReadOnlySpan<int> rows)
    {
        byte[] pixels = new byte[rows.Length * Size];
        int[] labels = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            Pixels.AsSpan(rows[i] * Size, Size).CopyTo(pixels.AsSpan(i * Size));
            labels[i] = Labels[rows[i]];
        }
        return new PictureSet(pixels, labels);
    }

    private static byte[] ReadSheet(string path)
    {
        using SKBitmap decoded = SKBitmap.Decode(path) ?? throw new FileNotFoundException($"There is no readable sheet '{path}'. Expected CLASS.webp for each of {string.Join(", ", Classes)}.", path);
        using SKBitmap sheet = decoded.Copy(SKColorType.Rgba8888);
        ReadOnlySpan<byte> pixels = sheet.GetPixelSpan();
        int columns = sheet.Width / Side, rows = sheet.Height / Side;
        byte[] pictures = new byte[rows * columns * Size];
        for (int picture = 0; picture < rows * columns; picture++)
            for (int y = 0; y < Side; y++)
                for (int x = 0; x < Side; x++)
                    for (int channel = 0; channel < Channels; channel++)
                        pictures[picture * Size + (channel * Side + y) * Side + x] =
                            pixels[((picture / columns * Side + y) * sheet.Width + picture % columns * Side + x) * 4 + channel];
        return pictures;
    }

    private sealed class Picture
    {
        [VectorType(Channels, Side, Side)]
        public float[] Image { get; set; } = [];

        public string Label { get; set; } = "";
    }

    private sealed class Class
    {
        public string Label { get; set; } = "";
    }
}
