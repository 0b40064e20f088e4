using DrawnShapes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Trainers.TrainDetector;
using MLNetExtensions.Training.Metrics.Detections;

namespace DetectionSample;

/// <summary>The sample's way from images with boxes to a detector that is used.</summary>
internal static class DetectionRun
{
    private const int DrawnImages = 400,
        DrawnSide = 160,
        DrawnEpochs = 6;

    // The pictures of found boxes.
    private const int Pictures = 8;

    // Average precision counts weak boxes too; pictures are of those that an application would take.
    private const float Measured = 0.01f,
        Shown = 0.4f;

    /// <returns>The report over images that were not trained on.</returns>
    public static DetectionReport Run(DetectionSettings settings)
    {
        using ShapeSceneFolder? drawn = settings.Coco is null ? new ShapeSceneFolder(DrawnImages, settings.Seed, DrawnSide) : null;
        var ml = new MLContext(settings.Seed);
        ml.Log += (_, line) =>
        {
            if (line.Message.Contains(" epoch ", StringComparison.Ordinal))
                Console.WriteLine(line.RawMessage);
        };
        var load = new LoadCocoOptions { ImageFolder = settings.Images ?? drawn?.Images };
        IDataView images = ml.Data.LoadFromCoco(settings.Coco ?? drawn!.Coco, load); // ImagePath, Label, BoundingBoxes, IsCrowd
        IDataView training,
            test;
        if (settings.Test is not null)
            (training, test) = (images, ml.Data.LoadFromCoco(settings.Test, load));
        else
        {
            var split = ml.Data.TrainTestSplit(images, testFraction: 0.2, seed: settings.Seed);
            (training, test) = (split.TrainSet, split.TestSet);
        }

        int size = settings.Size ?? (drawn is null ? 320 : DrawnSide);
        var options = new TrainDetectorOptions
        {
            Backbone = settings.Backbone is { } file ? Backbone.FromFile(file) : ImageNetBackbone.ResNet18(),
            ImageWidth = size,
            ImageHeight = size,
            ScoreThreshold = Measured,
            Seed = settings.Seed,
        };
        if (drawn is not null)
        {
            // Scenes that are drawn at random have all sizes and colors; a few epochs do, in small steps.
            options.Epochs = DrawnEpochs;
            options.BatchSize = 8;
            options.Augmentation = new HorizontalFlip();
        }
        if (settings.Epochs is { } epochs)
            options.Epochs = epochs;
        using TrainDetectorTransformer detector = ml.MulticlassClassification.Trainers.TrainDetector(options).Fit(training);

        DetectionReport report = ml.Vision().ReportDetection(detector.Transform(test));
        Console.WriteLine(report);
        Directory.CreateDirectory(settings.Output);
        string modelFile = Path.Combine(settings.Output, "model.zip"),
            onnxFile = Path.Combine(settings.Output, "model.onnx");
        ml.Model.SaveAtomic(detector, images.Schema, modelFile);
        detector.ExportOnnx(onnxFile);
        Console.WriteLine($"Saved {modelFile} ({new FileInfo(modelFile).Length / 1e6:F1} MB) and {onnxFile}.");
        Draw(modelFile, test, settings.Output);
        return report;
    }

    /// <summary>What an application does with the saved model.</summary>
    private static void Draw(string modelFile, IDataView images, string folder)
    {
        var ml = new MLContext();
        ITransformer detector = ml.Model.Load(modelFile, out _);
        IDataView some = detector.Transform(ml.Data.TakeRows(images, Pictures));
        VBuffer<ReadOnlyMemory<char>> names = default;
        some.Schema["PredictedLabel"].GetKeyValues(ref names);
        string[] classes = [.. names.DenseValues().Select(name => name.ToString())];
        foreach (FoundObjects found in ml.Data.CreateEnumerable<FoundObjects>(some, reuseRowObject: false))
        {
            int shown = found.Score.Count(score => score >= Shown); // best first
            string picture = Path.Combine(folder, Path.GetFileNameWithoutExtension(found.ImagePath) + ".found.png");
            ml.Vision()
                .DrawDetections(
                    found.ImagePath,
                    found.PredictedBoundingBoxes[..(4 * shown)],
                    [.. found.PredictedLabel[..shown].Select(key => classes[key - 1])],
                    found.Score[..shown],
                    picture
                );
            Console.WriteLine($"The saved model finds {shown} objects in {Path.GetFileName(found.ImagePath)}: {picture}");
        }
        (detector as IDisposable)?.Dispose();
    }
}
