using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Imaging;
using SkiaSharp;

namespace MLNetExtensions.TestData;

/// <summary>
/// Drawn files of all kinds of channels: gray, colors, and colors with alpha, in several sizes; three classes by brightness. What networks
/// read of them is computed from ML.NET's own pixels.
/// </summary>
internal sealed class ChannelImages : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("channels");

    public ChannelImages(int count)
    {
        Rows =
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => new Row
                {
                    Image = Draw(i),
                    Label = $"{(char)('a' + (i % 3))}",
                    Number = i,
                }),
        ];
    }

    public Row[] Rows { get; }

    /// <summary>Image (a path), Label (a key), Number.</summary>
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

    /// <summary>
    /// What a network reads of each file: ML.NET's resized pixels, as gray, colors or colors and alpha, normalized one by one.
    /// </summary>
    /// <param name="preprocessing">What the network expects.</param>
    /// <param name="layout">nchw, nhwc or nhw.</param>
    public float[][] Inputs(ImagePreprocessing preprocessing, string layout)
    {
        var ml = new MLContext();
        ImageResizingEstimator.ResizingKind kind = preprocessing.ResizeMode switch
        {
            ImageResizeMode.Pad => ImageResizingEstimator.ResizingKind.IsoPad,
            ImageResizeMode.Stretch => ImageResizingEstimator.ResizingKind.Fill,
            _ => ImageResizingEstimator.ResizingKind.IsoCrop,
        };
        IDataView paths = ml.Data.LoadFromEnumerable(Rows);
        var chain = ml
            .Transforms.LoadImages("I", "", "Image")
            .Append(ml.Transforms.ResizeImages("I", preprocessing.CanvasWidth, preprocessing.CanvasHeight, "I", kind))
            .Append(ml.Transforms.ExtractPixels("P", "I", ImagePixelExtractingEstimator.ColorBits.All));
        return [.. chain.Fit(paths).Transform(paths).GetColumn<float[]>("P").Select(pixels => Input(pixels, preprocessing, layout))];
    }

    private static float[] Input(float[] argb, ImagePreprocessing p, string layout)
    {
        int canvas = p.CanvasWidth * p.CanvasHeight;
        var input = new float[p.ChannelCount * p.Width * p.Height];
        for (int c = 0; c < p.ChannelCount; c++)
        for (int y = 0; y < p.Height; y++)
        for (int x = 0; x < p.Width; x++)
        {
            int at = ((y + ((p.CanvasHeight - p.Height) / 2)) * p.CanvasWidth) + x + ((p.CanvasWidth - p.Width) / 2);
            int alpha = (int)argb[at],
                red = (int)argb[canvas + at],
                green = (int)argb[(2 * canvas) + at],
                blue = (int)argb[(3 * canvas) + at];
            int value = p.Channels switch
            {
                ImageChannelOrder.Gray => ((19595 * red) + (38470 * green) + (7471 * blue) + 32768) >> 16,
                ImageChannelOrder.Rgb => c switch
                {
                    0 => red,
                    1 => green,
                    _ => blue,
                },
                ImageChannelOrder.Bgr => c switch
                {
                    0 => blue,
                    1 => green,
                    _ => red,
                },
                ImageChannelOrder.Rgba => c switch
                {
                    0 => Color(red),
                    1 => Color(green),
                    2 => Color(blue),
                    _ => alpha,
                },
                _ => c switch
                {
                    0 => Color(blue),
                    1 => Color(green),
                    2 => Color(red),
                    _ => alpha,
                },
            };
            input[layout == "nhwc" ? (((y * p.Width) + x) * p.ChannelCount) + c : (((c * p.Height) + y) * p.Width) + x] =
                ((value * p.Scale) - p.Mean[c]) / p.StandardDeviation[c];

            int Color(int counted) =>
                alpha == 0
                    ? counted == 0
                        ? 0
                        : 255
                    : Math.Min(255, (int)Math.Round(counted * 255.0 / alpha, MidpointRounding.AwayFromZero));
        }
        return input;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Draw(int index)
    {
        (int width, int height) = (19 + (index % 4 * 5), 17 + (index % 3 * 6));
        int level = 40 + (index % 3 * 70);
        var random = new Random(index);
        bool isGray = index % 4 == 0,
            hasAlpha = index % 4 == 1,
            isJpeg = index % 4 is 0 or 2 && index % 8 > 3;
        using var bitmap = new SKBitmap(
            new SKImageInfo(
                width,
                height,
                isGray ? SKColorType.Gray8 : SKColorType.Rgba8888,
                hasAlpha ? SKAlphaType.Unpremul : SKAlphaType.Opaque
            )
        );
        for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
        {
            byte gray = Level();
            byte alpha = hasAlpha ? (byte)(x < 3 ? 0 : Math.Min(255, 60 + (x * 12))) : (byte)255;
            bitmap.SetPixel(x, y, isGray ? new SKColor(gray, gray, gray) : new SKColor(gray, Level(), Level(), alpha));
        }
        using SKData data = bitmap.Encode(isJpeg ? SKEncodedImageFormat.Jpeg : SKEncodedImageFormat.Png, 95);
        string path = Path.Combine(_folder.FullName, $"{index}.{(isJpeg ? "jpg" : "png")}");
        File.WriteAllBytes(path, data.ToArray());
        return path;

        byte Level() => (byte)(level + random.Next(50));
    }

    private static IDataView WithKeys(MLContext ml, IDataView rows) =>
        ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);

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
