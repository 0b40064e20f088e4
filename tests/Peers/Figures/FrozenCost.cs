using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Backbones;
using MLNetExtensions.Estimators.FineTune;
using MLNetExtensions.TestData;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// A frozen fine-tune of 1,000 photos, 5 epochs, from files to model, over one pass of ONNX Runtime over the same photos. The pass is the
/// network alone on tensors that are ready in memory, in ONNX Runtime's best batch size: no decoding, nothing else.
/// </summary>
internal static class FrozenCost
{
    private const int Photos = 1000, Rounds = 5;

    public static double? Measure()
    {
        var ml = new MLContext(seed: 1);
        Backbone backbone = Backbone.FromFile(SharedData.PathOf("models", "mobilenetv2_1.0_224_bn.onnx"));
        string[] files = [.. Directory.EnumerateFiles(SharedData.PathOf("data", "flowers"), "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, Photos).Select(i => new Photo
        {
            ImagePath = files[i % files.Length],
            Label = Path.GetFileName(Path.GetDirectoryName(files[i % files.Length]))!,
        }));
        data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);

        using var session = new InferenceSession(backbone.Graph.ToBytes());
        float[] pixels = new float[3 * 224 * 224 * 32];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = i % 255 / 127.5f - 1;
        int best = new[] { 1, 8, 16, 32 }.MinBy(batch => Math.Min(Pass(batch), Pass(batch)));
        Console.WriteLine($"ONNX Runtime's best batch is {best}");
        FineTune();
        return PairedTimes.Ratio(FineTune, () => Pass(best), Rounds);

        double FineTune()
        {
            long started = Stopwatch.GetTimestamp();
            using FineTuneTransformer model = ml.Vision().FineTune(new FineTuneOptions { Backbone = backbone, ImageColumnName = "ImagePath", Epochs = 5 }).Fit(data);
            return Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        double Pass(int batch)
        {
            long started = Stopwatch.GetTimestamp();
            for (int done = 0; done < Photos; done += batch)
            {
                int count = Math.Min(batch, Photos - done);
                using OrtValue input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, pixels.AsMemory(0, count * 3 * 224 * 224), [count, 3, 224, 224]);
                using var run = new RunOptions();
                session.Run(run, [session.InputNames[0]], [input], session.OutputNames).Dispose();
            }
            return Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
    }

    private sealed class Photo
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
