using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.TrainDetector;
using MLNetExtensions.Training.Metrics.Detections;

namespace MLNetExtensions.Peers.Figures;

/// <summary>A detector of blood cells (BCCD at 320x240) on MobileNetV2, trained by the options' defaults, measured on the test images.</summary>
internal static class DetectionAccuracy
{
    public static double? Bccd()
    {
        string folder = SharedData.PathOf("data", "bccd");
        var ml = new MLContext(seed: 1);
        EpochLog.Write(ml);
        IDataView training = Load("train"),
            validation = Load("val"),
            test = Load("test");
        long started = System.Diagnostics.Stopwatch.GetTimestamp();
        using TrainDetectorTransformer model = ml
            .MulticlassClassification.Trainers.TrainDetector(
                new TrainDetectorOptions
                {
                    Backbone = SharedModels.Read("mobilenetv2_1.0_224_bn"),
                    ImageWidth = 320,
                    ImageHeight = 256,
                    ValidationSet = validation,
                    ScoreThreshold = 0.001f,
                    Seed = 1,
                }
            )
            .Fit(training);
        double minutes = System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMinutes;
        DetectionReport report = ml.Vision().ReportDetection(model.Transform(test));
        Console.WriteLine(report);
        Console.WriteLine(FormattableString.Invariant($"trained in {minutes:F1} minutes"));
        return 100 * report.MeanAveragePrecision50;

        IDataView Load(string part) =>
            ml.Data.LoadFromCoco(Path.Combine(folder, part + ".json"), new LoadCocoOptions { ImageFolder = folder });
    }
}
