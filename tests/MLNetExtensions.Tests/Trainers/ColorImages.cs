using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.TestData;
using SkiaSharp;

namespace MLNetExtensions.Tests.Trainers;

/// <summary>Files of images that are mostly red, green or blue, in turn.</summary>
internal sealed class ColorImages : IDisposable
{
    public static readonly string[] Names = ["red", "green", "blue"];

    private readonly TemporaryFolder _folder = new();

    public ColorImages(int count, int width = 31, int height = 23)
    {
        Rows =
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => new Row
                {
                    Image = _folder.Add($"{i}.png", TestImages.Encode(Draw(i, width, height), SKEncodedImageFormat.Png)),
                    Label = Names[i % 3],
                    Number = i,
                }),
        ];
    }

    public Row[] Rows { get; }

    /// <summary>Image (a path), Label (a key with its texts), Number.</summary>
    public IDataView Paths(MLContext ml) => WithKeys(ml, ml.Data.LoadFromEnumerable(Rows));

    /// <summary>The same with the files' bytes.</summary>
    public IDataView Bytes(MLContext ml) =>
        WithKeys(
            ml,
            ml.Data.LoadFromEnumerable(
                Rows.Select(r => new EncodedRow
                {
                    Image = File.ReadAllBytes(r.Image),
                    Label = r.Label,
                    Number = r.Number,
                })
            )
        );

    /// <summary>The same with MLImages.</summary>
    public IDataView Images(MLContext ml)
    {
        IDataView paths = Paths(ml);
        return ml.Transforms.LoadImages("Image", "", "Image").Fit(paths).Transform(paths);
    }

    /// <summary>The same with the pixels of <see cref="TinyClassifier"/>'s size.</summary>
    public IDataView Pixels(MLContext ml)
    {
        IDataView images = Images(ml);
        return ml.Transforms.ResizeImages("Image", 12, 10).Append(ml.Transforms.ExtractPixels("Image")).Fit(images).Transform(images);
    }

    public void Dispose() => _folder.Dispose();

    private static IDataView WithKeys(MLContext ml, IDataView rows) =>
        ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);

    private static SKBitmap Draw(int index, int width, int height)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        var random = new Random(index);
        for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            bitmap.SetPixel(x, y, new SKColor(Channel(0), Channel(1), Channel(2)));
        return bitmap;

        byte Channel(int channel) => (byte)(random.Next(100) + (index % 3 == channel ? 100 + (index % 40) : 0));
    }

    internal sealed class Row
    {
        public string Image { get; set; } = "";

        public string Label { get; set; } = "";

        public float Number { get; set; }
    }

    internal sealed class EncodedRow
    {
        public byte[] Image { get; set; } = [];

        public string Label { get; set; } = "";

        public float Number { get; set; }
    }
}
