using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Augmentations;
using MLNetExtensions.Backbones;
using MLNetExtensions.Estimators.FineTune;
using MLNetExtensions.TestData;

namespace MLNetExtensions.Peers.Figures;

/// <summary>Test accuracy of fine-tuning, mean of five stratified 70/30 splits, with the options' defaults; all layers with the standard augmentation.</summary>
internal static class FineTuneAccuracy
{
    private const int Splits = 5;

    public static double? Flowers(string backbone, bool all) => Measure(SharedData.PathOf("data", "flowers"), backbone, all);

    public static double? Cracks(bool all) => Measure(SharedData.PathOf("data", "concrete_crack_200", "assets"), "efficientnet_lite0_224_bn", all);

    private static double Measure(string folder, string backbone, bool all)
    {
        var accuracies = new List<double>();
        for (int seed = 0; seed < Splits; seed++)
        {
            long started = Stopwatch.GetTimestamp();
            var ml = new MLContext(seed);
            IDataView photos = ml.Vision().LoadFolder(folder);
            (IDataView training, IDataView test) = Split(ml, photos, seed);
            IEstimator<ITransformer> pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
                .Append(ml.Vision().FineTune(new FineTuneOptions
                {
                    Backbone = Backbone.FromFile(SharedData.PathOf("models", $"{backbone}.onnx")),
                    ImageColumnName = "ImagePath",
                    Layers = all ? FineTuneLayers.All : FineTuneLayers.Head,
                    Augmentation = all ? Augment.Standard() : null,
                }));
            ITransformer model = pipeline.Fit(training);
            MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(test));
            accuracies.Add(100 * metrics.MicroAccuracy);
            (model as IDisposable)?.Dispose();
            Console.WriteLine($"split {seed}: accuracy {accuracies[^1]:F1} %, log-loss {metrics.LogLoss:F3} ({Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s)");
        }
        double mean = accuracies.Average();
        Console.WriteLine($"{backbone}, {(all ? "all layers" : "frozen")}: {mean:F1} +- {Math.Sqrt(accuracies.Average(a => (a - mean) * (a - mean))):F1} %");
        return mean;
    }

    /// <summary>30 % of each class for the test.</summary>
    public static (IDataView Training, IDataView Test) Split(MLContext ml, IDataView photos, int seed)
    {
        var random = new Random(seed);
        var training = new List<Photo>();
        var test = new List<Photo>();
        foreach (IGrouping<string, Photo> group in ml.Data.CreateEnumerable<Photo>(photos, reuseRowObject: false).GroupBy(p => p.Label).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            Photo[] members = [.. group];
            random.Shuffle(members);
            int held = (int)Math.Round(members.Length * 0.3);
            test.AddRange(members[..held]);
            training.AddRange(members[held..]);
        }
        return (ml.Data.LoadFromEnumerable(training), ml.Data.LoadFromEnumerable(test));
    }

    private sealed class Photo
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
