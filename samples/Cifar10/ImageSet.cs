using Microsoft.ML;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Cifar10;

/// <summary>Images of 32x32 pixels in memory: planar red, green, blue bytes after one another, and the class of each.</summary>
internal sealed record ImageSet(byte[] Pixels, int[] Labels)
{
    public const int Side = 32,
        Channels = 3,
        Size = Channels * Side * Side;

    /// <summary>The classes in CIFAR-10's order.</summary>
    public static readonly string[] Classes = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    public int Count => Labels.Length;

    /// <summary>Reads a folder with a lossless sheet for each class, CLASS.webp: 100 images a row.</summary>
    public static ImageSet Read(string folder)
    {
        byte[][] sheets = [.. Classes.AsParallel().AsOrdered().Select(name => ReadSheet(Path.Combine(folder, name + ".webp")))];
        return new ImageSet(
            [.. sheets.SelectMany(sheet => sheet)],
            [.. sheets.SelectMany((sheet, label) => Enumerable.Repeat(label, sheet.Length / Size))]
        );
    }

    /// <summary>An image's planes.</summary>
    public ReadOnlySpan<byte> PixelsOf(int row) => Pixels.AsSpan(row * Size, Size);

    /// <summary>The images as a view: Image, a vector of Single [3,32,32] as ExtractPixels makes it, and Label, a key.</summary>
    public IDataView ToView(MLContext ml)
    {
        IDataView view = ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, Count)
                .Select(row =>
                {
                    float[] image = new float[Size];
                    ReadOnlySpan<byte> pixels = PixelsOf(row);
                    for (int i = 0; i < image.Length; i++)
                        image[i] = pixels[i];
                    return new LabeledImage { Image = image, Label = Classes[Labels[row]] };
                })
        );
        IDataView classes = ml.Data.LoadFromEnumerable(Classes.Select(name => new Class { Label = name }));
        return ml.Transforms.Conversion.MapValueToKey("Label", keyData: classes).Fit(classes).Transform(view);
    }

    /// <summary>The images at some indices.</summary>
    public ImageSet Take(ReadOnlySpan<int> rows)
    {
        byte[] pixels = new byte[rows.Length * Size];
        int[] labels = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            Pixels.AsSpan(rows[i] * Size, Size).CopyTo(pixels.AsSpan(i * Size));
            labels[i] = Labels[rows[i]];
        }
        return new ImageSet(pixels, labels);
    }

    private static byte[] ReadSheet(string path)
    {
        using SKBitmap decoded =
            SKBitmap.Decode(path)
            ?? throw new FileNotFoundException(
                $"There is no readable sheet '{path}'. Expected CLASS.webp for each of {string.Join(", ", Classes)}.",
                path
            );
        using SKBitmap sheet = decoded.Copy(SKColorType.Rgba8888);
        ReadOnlySpan<byte> pixels = sheet.GetPixelSpan();
        int columns = sheet.Width / Side,
            rows = sheet.Height / Side;
        byte[] images = new byte[rows * columns * Size];
        for (int image = 0; image < rows * columns; image++)
        for (int y = 0; y < Side; y++)
        for (int x = 0; x < Side; x++)
        for (int channel = 0; channel < Channels; channel++)
            images[image * Size + (channel * Side + y) * Side + x] = pixels[
                ((image / columns * Side + y) * sheet.Width + image % columns * Side + x) * 4 + channel
            ];
        return images;
    }

    private sealed class LabeledImage
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
