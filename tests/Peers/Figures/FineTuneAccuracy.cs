using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.FineTune.LowRank;
using MLNetExtensions.Trainers.FineTune.Recipes;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// Test accuracy of fine-tuning, mean of five stratified 70/30 splits, with the options' defaults but for what stands here.
/// </summary>
internal static class FineTuneAccuracy
{
    private const int Splits = 5;

    /// <param name="backbone">The file's name.</param>
    /// <param name="all">Whether all layers are trained.</param>
    /// <param name="augmentation">The augmentation, where all layers are trained.</param>
    public static double? Flowers(string backbone, bool all, Augmentation? augmentation = null) =>
        Measure(SharedData.PathOf("data", "flowers"), new FineTuneOptions { Backbone = Model(backbone), Augmentation = augmentation }, all);

    /// <summary>What a recipe makes of five minutes: the backbones at hand are EfficientNet-Lite0 and MobileNetV2.</summary>
    public static double? Recipe(params string[] folder)
    {
        var accuracies = new List<double>();
        for (int seed = 0; seed < Splits; seed++)
        {
            var ml = new MLContext(seed);
            (IDataView training, IDataView test) = Split(ml, ml.Data.LoadFromImageFolder(SharedData.PathOf(["data", .. folder])), seed);
            IDataView keyed = ml.Transforms.Conversion.MapValueToKey("Label").Fit(training).Transform(training);
            FineTuneRecipe recipe = FineTuneRecipe.Auto(
                ml,
                keyed,
                new FineTuneRecipeOptions
                {
                    ImageColumnName = "ImagePath",
                    Backbones = [Model("efficientnet_lite0_224_bn"), Model("mobilenetv2_1.0_224_bn")],
                }
            );
            using FineTuneTransformer model = recipe.Model;
            IDataView testKeys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(training).Transform(test);
            accuracies.Add(100 * ml.MulticlassClassification.Evaluate(model.Transform(testKeys)).MicroAccuracy);
            Console.WriteLine($"split {seed}: accuracy {accuracies[^1]:F1} % in {recipe.Duration.TotalSeconds:F0} s");
            Console.WriteLine(recipe);
        }
        return accuracies.Average();
    }

    /// <summary>The points that low-rank adaptation has less than training all layers.</summary>
    /// <param name="backbone">The file's name.</param>
    /// <param name="rank">The rank.</param>
    public static double? LowRankLoss(string backbone, int rank)
    {
        FineTuneOptions options = new() { Backbone = Model(backbone), Augmentation = Augment.Standard() };
        string folder = SharedData.PathOf("data", "flowers");
        double all = Measure(folder, options, all: true);
        options.LowRankAdaptation = new LowRankAdaptation(rank);
        return all - Measure(folder, options, all: true);
    }

    /// <summary>
    /// Fine-tuned as one would for cracks, which may be a few pixels wide, lie at the edge and in any direction: the whole image, larger
    /// than in pretraining, turned and mirrored but neither cropped nor scaled.
    /// </summary>
    public static double? Cracks(bool all)
    {
        Backbone backbone = Model("efficientnet_lite0_224_bn");
        FineTuneOptions options = new() { Backbone = backbone };
        if (all)
        {
            options.Preprocessing = backbone.Preprocessing with { Width = 320, Height = 320, CropFraction = 1 };
            options.Augmentation = Augment.Dihedral();
            options.TestTimeAugmentation = TestTimeAugmentation.Flip;
        }
        return Measure(SharedData.PathOf("data", "concrete_crack_200", "assets"), options, all);
    }

    private static Backbone Model(string name) => SharedModels.Read(name);

    private static double Measure(string folder, FineTuneOptions options, bool all)
    {
        options.ImageColumnName = "ImagePath";
        options.TrainableLayers = all ? FineTuneLayers.All : FineTuneLayers.Head;
        var accuracies = new List<double>();
        for (int seed = 0; seed < Splits; seed++)
        {
            long started = Stopwatch.GetTimestamp();
            var ml = new MLContext(seed);
            if (options.LowRankAdaptation is not null && seed == 0)
                ml.Log += (_, e) =>
                {
                    if (e.RawMessage.Contains("Low-rank", StringComparison.Ordinal))
                        Console.WriteLine(e.RawMessage);
                };
            IDataView photos = ml.Data.LoadFromImageFolder(folder);
            (IDataView training, IDataView test) = Split(ml, photos, seed);
            IEstimator<ITransformer> pipeline = ml
                .Transforms.Conversion.MapValueToKey("Label")
                .Append(ml.MulticlassClassification.Trainers.FineTune(options));
            ITransformer model = pipeline.Fit(training);
            MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(test));
            accuracies.Add(100 * metrics.MicroAccuracy);
            (model as IDisposable)?.Dispose();
            Console.WriteLine(
                $"split {seed}: accuracy {accuracies[^1]:F1} %, log-loss {metrics.LogLoss:F3} "
                    + $"({Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s)"
            );
        }
        double mean = accuracies.Average();
        Console.WriteLine(
            $"{options.Backbone!.Name}, {(all ? "all layers" : "frozen")}: {mean:F1} +- "
                + $"{Math.Sqrt(accuracies.Average(a => (a - mean) * (a - mean))):F1} %"
        );
        return mean;
    }

    /// <summary>30 % of each class for the test.</summary>
    public static (IDataView Training, IDataView Test) Split(MLContext ml, IDataView photos, int seed)
    {
        var random = new Random(seed);
        var training = new List<Photo>();
        var test = new List<Photo>();
        foreach (
            IGrouping<string, Photo> group in ml
                .Data.CreateEnumerable<Photo>(photos, reuseRowObject: false)
                .GroupBy(p => p.Label)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
        )
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
