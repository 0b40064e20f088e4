using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Tool.Settings;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.Tool.Training.Classification;

/// <summary>Trains classifiers: FineTune on images with a class each.</summary>
/// <param name="values">The run's settings.</param>
internal sealed class ClassificationTraining(SettingValues values) : ITaskTraining
{
    private FineTuneOptions? _options;

    public Backbone Backbone => _options!.Backbone!;

    public TrainerOptions Options => _options!;

    public string BackboneText => $"{Backbone.Name} at {Backbone.Preprocessing.Width} px, training: {_options!.TrainableLayers}";

    public string? StratifyColumn => "Label";

    public ImageSet Open(MLContext ml) => ImageFiles.Open(ml, values.Text(TrainSettings.Data)!, values.Origin(TrainSettings.Data));

    public IDataView OpenOther(MLContext ml, string setting, IDataView train) =>
        ImageFiles.Load(ml, values.Text(setting)!, values.Origin(setting));

    public string Prepare(MLContext ml, ImageSet images)
    {
        string data = values.Text(TrainSettings.Data)!;
        IReadOnlyDictionary<string, int> classes = ImageFiles.CountClasses(images.Train, data);
        CheckLabels(images.Validation, classes);
        CheckLabels(images.Test, classes);
        bool isHeadOnly = values.Text(TrainSettings.Layers) is null or "head" && values.Text(TrainSettings.EarlyStopping) is null;
        if (images.Validation is null && !isHeadOnly)
            values.Default(TrainSettings.ValidationFraction, TrainSettings.DefaultValidationFraction);
        _options = new FineTuneOptions
        {
            Backbone = BackboneOpening.Open(values.Text(TrainSettings.Backbone)!, values.Integer(TrainSettings.ImageSize, 16, 2048)),
            ImageColumnName = images.ImageColumn,
        };
        TrainerOptionsBinding.Apply(values, _options);
        // Whoever has a fraction and images of their own wants the images.
        if (images.Validation is not null)
            _options.ValidationFraction = 0;
        // The estimator checks its options.
        _ = ml.MulticlassClassification.Trainers.FineTune(_options);
        return $"{data}: {classes.Values.Sum()} in {classes.Count} classes";
    }

    public void WriteTestList(ImageSet images, RunFolder run)
    {
        if (images.ImageColumn == "ImagePath")
            TemporaryFile.Write(
                run.TestList,
                string.Concat(
                    ImageFiles
                        .Texts(images.Test!, "ImagePath")
                        .Zip(ImageFiles.Texts(images.Test!, "Label"), (path, label) => Csv.Line(path, label) + "\n")
                        .Prepend("ImagePath,Label\n")
                )
            );
    }

    public ITrainedModel Fit(MLContext ml, ImageSet images) => TrainedClassifier.Fit(ml, images, _options!);

    private static void CheckLabels(IDataView? images, IReadOnlyDictionary<string, int> classes)
    {
        if (images is not null && ImageFiles.Texts(images, "Label").FirstOrDefault(label => !classes.ContainsKey(label)) is { } unknown)
            throw new UsageException(
                $"The class '{unknown}' has images to measure with, but none to train on. The classes to train are "
                    + $"{string.Join(", ", classes.Keys)}."
            );
    }
}
