using DrawnShapes;
using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Trainers.TrainSegmenter;
using MLNetExtensions.Training.Metrics.Segmentation;

namespace SegmentationSample;

/// <summary>The sample's way from images with masks to a segmentation network that is used.</summary>
internal static class SegmentationRun
{
    private const int DrawnImages = 400,
        DrawnSide = 160,
        DrawnEpochs = 4;

    // The images that are written with their masks.
    private const int Overlays = 8;

    /// <returns>The report over images that were not trained on.</returns>
    public static SegmentationReport Run(SegmentationSettings settings)
    {
        using ShapeSceneFolder? drawn = settings.Images is null ? new ShapeSceneFolder(DrawnImages, settings.Seed, DrawnSide) : null;
        var ml = new MLContext(settings.Seed);
        ml.Log += (_, line) =>
        {
            if (line.Message.Contains(" epoch ", StringComparison.Ordinal))
                Console.WriteLine(line.RawMessage);
        };
        IDataView images = ml.Data.LoadFromMasks( // ImagePath, MaskPath
            settings.Images ?? drawn!.Images,
            settings.Masks ?? drawn!.Masks,
            new LoadMasksOptions { Classes = drawn is null ? settings.Classes : ["background", .. ShapeScene.Classes] }
        );
        var split = ml.Data.TrainTestSplit(images, testFraction: 0.2, seed: settings.Seed);

        int size = settings.Size ?? (drawn is null ? 320 : DrawnSide);
        var options = new TrainSegmenterOptions
        {
            Backbone = settings.Backbone is { } file ? Backbone.FromFile(file) : ImageNetBackbone.ResNet18(),
            ImageWidth = size,
            ImageHeight = size,
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
        using TrainSegmenterTransformer segmenter = ml.MulticlassClassification.Trainers.TrainSegmenter(options).Fit(split.TrainSet);

        SegmentationReport report = ml.Vision().ReportSegmentation(segmenter.Transform(split.TestSet));
        Console.WriteLine(report);
        Directory.CreateDirectory(settings.Output);
        string modelFile = Path.Combine(settings.Output, "model.zip"),
            onnxFile = Path.Combine(settings.Output, "model.onnx");
        ml.Model.SaveAtomic(segmenter, images.Schema, modelFile);
        segmenter.ExportOnnx(onnxFile);
        Console.WriteLine($"Saved {modelFile} ({new FileInfo(modelFile).Length / 1e6:F1} MB) and {onnxFile}.");
        Draw(modelFile, split.TestSet, segmenter.Classes, settings.Output);
        return report;
    }

    /// <summary>What an application does with the saved model.</summary>
    private static void Draw(string modelFile, IDataView images, IReadOnlyList<string> classes, string folder)
    {
        var ml = new MLContext();
        ITransformer segmenter = ml.Model.Load(modelFile, out _);
        IDataView some = segmenter.Transform(ml.Data.TakeRows(images, Overlays));
        foreach (SegmentedImage image in ml.Data.CreateEnumerable<SegmentedImage>(some, reuseRowObject: false))
        {
            string overlay = Path.Combine(folder, Path.GetFileNameWithoutExtension(image.ImagePath) + ".mask.png");
            ml.Vision().DrawMask(image.ImagePath, image.PredictedMask, classes, overlay);
            Console.WriteLine($"The saved model's mask of {Path.GetFileName(image.ImagePath)}: {overlay}");
        }
        (segmenter as IDisposable)?.Dispose();
    }
}
