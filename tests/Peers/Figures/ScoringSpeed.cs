using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.TestData;
using SkiaSharp;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// Rows a second from a view to its scores, beside ML.NET's own ONNX transformer and beside ONNX Runtime in a loop as one writes it by
/// hand.
/// </summary>
internal static class ScoringSpeed
{
    private const int Rounds = 11,
        Warmups = 12,
        Side = 224,
        Photos = 128,
        Tensors = 32;

    private static readonly ImagePreprocessing Preprocessing = new()
    {
        Width = Side,
        Height = Side,
        CropFraction = 1,
        Scale = 1 / 127.5f,
        Mean = [1, 1, 1],
        StandardDeviation = [1, 1, 1],
    };

    private static string Model => SharedData.PathOf("models", "mobilenetv2_1.0_224_bn.onnx");

    /// <summary>
    /// 640x480 JPEG files to MobileNetV2's scores: the time of LoadImages, ResizeImages, ExtractPixels, ApplyOnnxModel / ours.
    /// </summary>
    public static double? FilesVsMLNet()
    {
        using var photos = new PhotoFolder(Photos);
        var ml = new MLContext(seed: 1);
        IDataView view = photos.View(ml);
        using ScoreOnnxTransformer ours = Ours(ml, view);
        string output = ours.GetOutputSchema(view.Schema)[^1].Name;
        ITransformer theirs = ml
            .Transforms.LoadImages("image", "", "ImagePath")
            .Append(ml.Transforms.ResizeImages("image", Side, Side))
            .Append(ml.Transforms.ExtractPixels(ours.Inputs[0].Name, "image", offsetImage: 127.5f, scaleImage: 1 / 127.5f))
            .Append(ml.Transforms.ApplyOnnxModel(output, ours.Inputs[0].Name, Model))
            .Fit(view);
        Console.WriteLine($"largest difference of a score: {Difference(ours.Transform(view), theirs.Transform(view), output):G2}");
        return 1 / PairedTimes.Ratio(() => Pass(ours, view, output, Photos), () => Pass(theirs, view, output, Photos), Rounds, Warmups);
    }

    /// <summary>The same files: the time of the fastest of several loops over SkiaSharp and ONNX Runtime / ours.</summary>
    public static double? FilesVsOrt()
    {
        using var photos = new PhotoFolder(Photos);
        var ml = new MLContext(seed: 1);
        IDataView view = photos.View(ml);
        using ScoreOnnxTransformer ours = Ours(ml, view);
        string output = ours.GetOutputSchema(view.Schema)[^1].Name;
        using var loops = new OrtLoops(Model, [3, Side, Side], Photos, (i, target) => HandDecode.Decode(photos.Files[i], target));
        Func<double> best = loops.Best();
        Pass(ours, view, output, Photos);
        return 1 / PairedTimes.Ratio(() => Pass(ours, view, output, Photos), best, Rounds, Warmups);
    }

    /// <summary>Tensors in memory to MobileNetV2's scores: the time of ONNX Runtime with its best batch and threads / ours.</summary>
    public static double? TensorsVsOrt()
    {
        var ml = new MLContext(seed: 1);
        float[][] tensors = [.. Enumerable.Range(0, Tensors).Select(i => RandomTensor(i, 3 * Side * Side))];
        IDataView view = ml.Data.LoadFromEnumerable(Enumerable.Range(0, Photos).Select(i => new Image { Pixels = tensors[i % Tensors] }));
        using ScoreOnnxTransformer ours = ml
            .Transforms.ScoreOnnx(new ScoreOnnxOptions { ModelFile = Model, Inputs = [new OnnxInput { ColumnName = "Pixels" }] })
            .Fit(view);
        string output = ours.GetOutputSchema(view.Schema)[^1].Name;
        using var loops = new OrtLoops(
            Model,
            [3, Side, Side],
            Photos,
            (i, target) => tensors[i % Tensors].CopyTo(target),
            inPlace: tensors
        );
        Func<double> best = loops.Best();
        Pass(ours, view, output, Photos);
        return 1 / PairedTimes.Ratio(() => Pass(ours, view, output, Photos), best, Rounds, Warmups);
    }

    /// <summary>Tensors of 32 x 32 pixels through a network of 8 and 16 channels: the time of ApplyOnnxModel / ours.</summary>
    public static double? TinyVsMLNet()
    {
        const int Rows = 20_000;
        var ml = new MLContext(seed: 1);
        float[][] tensors = [.. Enumerable.Range(0, 64).Select(i => RandomTensor(i, 3 * 32 * 32))];
        IDataView view = ml.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(i => new Tiny { Pixels = tensors[i % 64] }));
        OnnxGraph network = new TinyNetwork().Build(outputs: 10, seed: 1);
        string file = Path.GetTempFileName();
        network.Save(file);
        using ScoreOnnxTransformer ours = ml
            .Transforms.ScoreOnnx(new ScoreOnnxOptions { ModelFile = file, Inputs = [new OnnxInput { ColumnName = "Pixels" }] })
            .Fit(view);
        string output = ours.GetOutputSchema(view.Schema)[^1].Name;
        ITransformer theirs = ml
            .Transforms.CopyColumns(ours.Inputs[0].Name, "Pixels")
            .Append(ml.Transforms.ApplyOnnxModel(output, ours.Inputs[0].Name, file))
            .Fit(view);
        Console.WriteLine($"largest difference of a score: {Difference(ours.Transform(view), theirs.Transform(view), output):G2}");
        double ratio = 1 / PairedTimes.Ratio(() => Pass(ours, view, output, Rows), () => Pass(theirs, view, output, Rows), Rounds, Warmups);
        using var loops = new OrtLoops(file, [3, 32, 32], Rows, (i, target) => tensors[i % 64].CopyTo(target));
        double best = loops.Best()();
        Console.WriteLine($"ONNX Runtime's best loop: {Rows / best:F0} rows/s");
        File.Delete(file);
        return ratio;
    }

    private static ScoreOnnxTransformer Ours(MLContext ml, IDataView view) =>
        ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    ModelFile = Model,
                    Inputs = [new OnnxInput { ColumnName = "ImagePath", Preprocessing = Preprocessing }],
                }
            )
            .Fit(view);

    private static double Pass(ITransformer model, IDataView view, string output, int rows)
    {
        long started = Stopwatch.GetTimestamp();
        int seen = 0;
        using DataViewRowCursor cursor = model.Transform(view) is var scored ? scored.GetRowCursor([scored.Schema[output]]) : null!;
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(cursor.Schema[output]);
        VBuffer<float> scores = default;
        for (; cursor.MoveNext(); seen++)
            getter(ref scores);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return seen == rows ? seconds : throw new InvalidOperationException($"{seen} rows of {rows} were scored.");
    }

    private static double Difference(IDataView ours, IDataView theirs, string output) =>
        ours.GetColumn<float[]>(output)
            .Zip(theirs.GetColumn<float[]>(output))
            .Max(pair => pair.First.Zip(pair.Second).Max(v => Math.Abs(v.First - v.Second)));

    private static float[] RandomTensor(int seed, int length)
    {
        var random = new Random(seed);
        var values = new float[length];
        foreach (ref float value in values.AsSpan())
            value = (2 * random.NextSingle()) - 1;
        return values;
    }

    /// <summary>Photos of 640 x 480 pixels as JPEG files in a temporary folder.</summary>
    private sealed class PhotoFolder : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("mlnetextensions-peers").FullName;

        public PhotoFolder(int count)
        {
            string[] sources =
            [
                .. Directory
                    .EnumerateFiles(SharedData.PathOf("data", "flowers"), "*.jpg", SearchOption.AllDirectories)
                    .Order(StringComparer.Ordinal),
            ];
            Files = [.. Enumerable.Range(0, count).Select(i => Write(sources[i % sources.Length], i))];
        }

        public string[] Files { get; }

        public IDataView View(MLContext ml) => ml.Data.LoadFromEnumerable(Files.Select(f => new Photo { ImagePath = f }));

        public void Dispose() => Directory.Delete(_folder, recursive: true);

        private string Write(string source, int number)
        {
            using SKBitmap image = SKBitmap.Decode(source);
            using SKBitmap resized = image.Resize(new SKImageInfo(640, 480), SKFilterQuality.High);
            using SKData data = resized.Encode(SKEncodedImageFormat.Jpeg, 90);
            string file = Path.Combine(_folder, $"{number}.jpg");
            File.WriteAllBytes(file, data.ToArray());
            return file;
        }
    }

    private sealed class Photo
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class Image
    {
        [VectorType(3, Side, Side)]
        public float[] Pixels { get; set; } = [];
    }

    private sealed class Tiny
    {
        [VectorType(3, 32, 32)]
        public float[] Pixels { get; set; } = [];
    }
}

/// <summary>
/// The image as ML.NET's pipeline has it, by hand: SkiaSharp's decode, resize until it covers the square, the center, planar RGB from -1 to
/// 1.
/// </summary>
internal static class HandDecode
{
    private const int Side = 224;

    public static void Decode(string file, Span<float> planes)
    {
        using SKBitmap image = SKBitmap.Decode(file);
        using var resized = new SKBitmap(new SKImageInfo(Side, Side, SKColorType.Bgra8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(resized);
        using var paint = new SKPaint { FilterQuality = SKFilterQuality.High };
        float scale = (float)Side / Math.Min(image.Width, image.Height);
        float width = image.Width * scale,
            height = image.Height * scale;
        float left = (Side - width) / 2,
            top = (Side - height) / 2;
        canvas.DrawBitmap(image, new SKRect(left, top, left + width, top + height), paint);
        ReadOnlySpan<uint> pixels = MemoryMarshal.Cast<byte, uint>(resized.GetPixelSpan());
        const int Plane = Side * Side;
        Span<float> red = planes[..Plane],
            green = planes.Slice(Plane, Plane),
            blue = planes.Slice(2 * Plane, Plane);
        for (int i = 0; i < Plane; i++)
        {
            uint pixel = pixels[i];
            red[i] = ((pixel >> 16) & 255) / 127.5f - 1;
            green[i] = ((pixel >> 8) & 255) / 127.5f - 1;
            blue[i] = (pixel & 255) / 127.5f - 1;
        }
    }
}
