using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Backbones;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.FineTune;
using SkiaSharp;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// A frozen fine-tune of 1,000 photos, 5 epochs, from files to model, over one pass of ONNX Runtime over the same photos: a loop as one
/// writes it by hand, SkiaSharp's decode and resize of a batch on all cores, then the network, in ONNX Runtime's best batch size. Also
/// printed: the same over the network alone on tensors that are ready in memory.
/// </summary>
internal static class FrozenCost
{
    private const int Photos = 1000,
        Rounds = 5;

    public static double? Measure()
    {
        var ml = new MLContext(seed: 1);
        Backbone backbone = SharedModels.Read("mobilenetv2_1.0_224_bn");
        string[] files =
        [
            .. Directory
                .EnumerateFiles(SharedData.PathOf("data", "flowers"), "*.jpg", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal),
        ];
        IDataView data = ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, Photos)
                .Select(i => new Photo
                {
                    ImagePath = files[i % files.Length],
                    Label = Path.GetFileName(Path.GetDirectoryName(files[i % files.Length]))!,
                })
        );
        data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);

        using var session = new InferenceSession(backbone.Graph.ToBytes());
        float[] pixels = new float[3 * 224 * 224 * 32];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = i % 255 / 127.5f - 1;
        int best = new[] { 1, 8, 16, 32 }.MinBy(batch => Math.Min(Pass(batch), Pass(batch)));
        Console.WriteLine($"ONNX Runtime's best batch is {best}");
        FineTune();
        Console.WriteLine($"over the network alone: {PairedTimes.Ratio(FineTune, () => Pass(best), Rounds):F3}");
        Console.WriteLine("over a pass from files:");
        return PairedTimes.Ratio(FineTune, () => PassFromFiles(best), Rounds);

        double FineTune()
        {
            long started = Stopwatch.GetTimestamp();
            using FineTuneTransformer model = ml
                .MulticlassClassification.Trainers.FineTune(
                    new FineTuneOptions
                    {
                        Backbone = backbone,
                        ImageColumnName = "ImagePath",
                        Epochs = 5,
                    }
                )
                .Fit(data);
            return Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        double Pass(int batch)
        {
            long started = Stopwatch.GetTimestamp();
            for (int done = 0; done < Photos; done += batch)
                Run(Math.Min(batch, Photos - done));
            return Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        double PassFromFiles(int batch)
        {
            long started = Stopwatch.GetTimestamp();
            for (int done = 0; done < Photos; done += batch)
            {
                int first = done,
                    count = Math.Min(batch, Photos - done);
                Parallel.For(0, count, i => Decode(files[(first + i) % files.Length], pixels.AsSpan(i * 3 * 224 * 224, 3 * 224 * 224)));
                Run(count);
            }
            return Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        void Run(int count)
        {
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance,
                pixels.AsMemory(0, count * 3 * 224 * 224),
                [count, 3, 224, 224]
            );
            using var run = new RunOptions();
            session.Run(run, [session.InputNames[0]], [input], session.OutputNames).Dispose();
        }
    }

    /// <summary>The shorter side to 256 pixels, the center's 224, planar RGB from -1 to 1.</summary>
    private static void Decode(string file, Span<float> planes)
    {
        using SKBitmap image = SKBitmap.Decode(file);
        float scale = 256f / Math.Min(image.Width, image.Height);
        using SKBitmap resized = image.Resize(
            new SKImageInfo((int)MathF.Round(image.Width * scale), (int)MathF.Round(image.Height * scale), SKColorType.Rgba8888),
            SKFilterQuality.High
        );
        int left = (resized.Width - 224) / 2,
            top = (resized.Height - 224) / 2;
        ReadOnlySpan<byte> pixels = resized.GetPixelSpan();
        for (int y = 0; y < 224; y++)
        for (int x = 0; x < 224; x++)
        {
            int from = ((top + y) * resized.Width + left + x) * 4,
                to = y * 224 + x;
            for (int channel = 0; channel < 3; channel++)
                planes[channel * 224 * 224 + to] = pixels[from + channel] / 127.5f - 1;
        }
    }

    private sealed class Photo
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
