using System.Diagnostics;
using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.TrainSegmenter;
using MLNetExtensions.Training.Metrics.Segmentation;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// A segmentation network of road scenes (CamVid at 240x180) on MobileNetV2, trained by the options' defaults but for 45 epochs, measured on the test images.
/// </summary>
internal static class SegmentationAccuracy
{
    /// <summary>What CamVid does not count.</summary>
    public const int Void = 11;

    /// <summary>The classes by index.</summary>
    public static readonly IReadOnlyList<string> Classes =
    [
        "sky",
        "building",
        "pole",
        "road",
        "pavement",
        "tree",
        "sign",
        "fence",
        "car",
        "pedestrian",
        "bicyclist",
    ];

    public static double? CamVid()
    {
        string folder = SharedData.PathOf("data", "camvid");
        var ml = new MLContext(seed: 1);
        EpochLog.Write(ml);
        IDataView training = Load("train"),
            validation = Load("val"),
            test = Load("test");
        long started = Stopwatch.GetTimestamp();
        using TrainSegmenterTransformer model = ml
            .MulticlassClassification.Trainers.TrainSegmenter(
                new TrainSegmenterOptions
                {
                    Backbone = SharedModels.Read("mobilenetv2_1.0_224_bn"),
                    ImageWidth = 256,
                    ImageHeight = 192,
                    ValidationSet = validation,
                    Epochs = 45,
                    Seed = 1,
                }
            )
            .Fit(training);
        double minutes = Stopwatch.GetElapsedTime(started).TotalMinutes;
        SegmentationReport report = ml.Vision().ReportSegmentation(model.Transform(test));
        Console.WriteLine(report);
        Console.WriteLine(FormattableString.Invariant($"trained in {minutes:F1} minutes"));
        return 100 * report.MeanIoU;

        IDataView Load(string part) =>
            ml.Data.LoadFromMasks(
                Path.Combine(folder, part, "images"),
                Path.Combine(folder, part, "masks"),
                new LoadMasksOptions { Classes = Classes, IgnoredIndex = Void }
            );
    }
}
