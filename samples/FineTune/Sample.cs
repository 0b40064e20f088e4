using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Reports;
using MLNetExtensions.Trainers.FineTune;
using Spectre.Console;

namespace FineTuneSample;

/// <summary>The sample's way from photos to a model that is used.</summary>
internal static class Sample
{
    /// <param name="folder">Photos, a sub-folder for each class; null draws some.</param>
    /// <param name="backboneFile">The pretrained network; null for one that suits the images.</param>
    /// <param name="layers">What is trained.</param>
    /// <param name="epochs">Passes over the photos; null: the default.</param>
    /// <param name="modelFile">Where the model goes.</param>
    /// <param name="reportFile">Where the report goes; null: none is written.</param>
    /// <param name="seed">Fixes every random draw.</param>
    public static void Run(
        string? folder,
        string? backboneFile,
        FineTuneLayers layers,
        int? epochs,
        string modelFile,
        string? reportFile,
        int seed
    )
    {
        using ShapeImages? drawn = folder is null ? new ShapeImages(perClass: 80, seed) : null;
        folder ??= drawn!.Folder;

        var ml = new MLContext(seed);
#if TENSORFLOW
        (ml.GpuDeviceId, ml.FallbackToCpu) = (0, true);
#endif
        IDataView photos = ml.Data.ShuffleRows(ml.Data.LoadFromImageFolder(folder), seed); // ImagePath, Label
        var split = ml.Data.TrainTestSplit(photos, testFraction: 0.25);
        Backbone backbone =
            backboneFile is not null ? Backbone.FromFile(backboneFile)
            : drawn is null ? Backbone.FromPackage("Microsoft.ML.DnnImageFeaturizer.ResNet18")
            : Backbone.FromCatalog("cifarnet_cifar10");
        AnsiConsole.MarkupLineInterpolated($"[bold]{backbone.Name}[/] on {folder}, training: {layers}");

        var options = new FineTuneOptions
        {
            Backbone = backbone,
            ImageColumnName = "ImagePath",
            TrainableLayers = layers,
            Epochs = epochs,
#if TENSORFLOW
            Runtime = MLNetExtensions.TensorFlow.TensorFlowRuntime.Create(),
#endif
        };
        ITransformer model = TrainingDisplay.Show(progress =>
        {
            options.Progress = progress;
            return ml
                .Transforms.Conversion.MapValueToKey("Label")
                .Append(ml.MulticlassClassification.Trainers.FineTune(options))
                .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
                .Fit(split.TrainSet);
        });
#if TENSORFLOW
        // ML.NET opens the model that it saves; here with ONNX Runtime's package for the CPU, which has no GPU to fall back from.
        ml.GpuDeviceId = null;
#endif

        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
        Console.WriteLine();
        Console.WriteLine(
            $"On photos it has not seen: accuracy {metrics.MicroAccuracy:P1}, mean of the classes {metrics.MacroAccuracy:P1}, log-loss "
                + $"{metrics.LogLoss:F3}"
        );
        Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());

        if (reportFile is not null)
        {
            HtmlReport report = ml.Vision()
                .WriteReport(
                    model.Transform(split.TestSet),
                    reportFile,
                    new HtmlReportOptions
                    {
                        Title = $"{backbone.Name}, training {layers}",
                        Model = model,
                        TrainerOptions = options,
                        Inspection = ml.Vision().Inspect([new("train", split.TrainSet), new("test", split.TestSet)]),
                        Seed = seed,
                        RepeatCommand = string.Join(
                            ' ',
                            ["dotnet run -c Release --project samples/FineTune --", .. Environment.GetCommandLineArgs().Skip(1)]
                        ),
                        ModelPath = Path.GetFileName(modelFile),
                    }
                );
            Console.WriteLine($"The report is {report.Path}, and its figures as JSON {report.JsonPath}.");
        }

        ml.Model.SaveAtomic(model, photos.Schema, modelFile);
        (model as IDisposable)?.Dispose();
        Console.WriteLine($"Saved {modelFile} ({new FileInfo(modelFile).Length / 1e6:F1} MB). It needs no training library to load.");
        Predict(modelFile, ml.Data.CreateEnumerable<Photo>(split.TestSet, reuseRowObject: false).First());
    }

    /// <summary>What an application does with the saved model.</summary>
    private static void Predict(string modelFile, Photo photo)
    {
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(modelFile, out _);
        using PredictionEngine<Photo, Prediction> engine = ml.Model.CreatePredictionEngine<Photo, Prediction>(model);
        Prediction prediction = engine.Predict(photo);
        Console.WriteLine(
            $"The saved model says {prediction.PredictedLabel} ({prediction.Score.Max():P1}) of {Path.GetFileName(photo.ImagePath)}, "
                + $"which is {photo.Label}."
        );
    }

    private sealed class Photo
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class Prediction
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }
}
