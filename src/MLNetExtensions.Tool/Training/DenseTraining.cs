using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Data.Annotations;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Tool.Settings;
using MLNetExtensions.Tool.Tasks;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.DensePrediction;

namespace MLNetExtensions.Tool.Training;

/// <summary>What training on boxes and on masks has in common.</summary>
/// <param name="values">The run's settings.</param>
/// <param name="task">The task.</param>
internal abstract class DenseTraining(SettingValues values, VisionTask task) : ITaskTraining
{
    private DenseTrainerOptions? _options;

    public Backbone Backbone => _options!.Backbone!;

    public TrainerOptions Options => _options!;

    public string BackboneText => $"{Backbone.Name} at {_options!.ImageWidth} x {_options.ImageHeight} px, training: all layers";

    /// <summary>An image has any number of objects or classes of pixels, so that there is no proportion to keep.</summary>
    public string? StratifyColumn => null;

    public ImageSet Open(MLContext ml)
    {
        ImageSet images = AnnotatedImages.Open(
            ml,
            AnnotationRequest.Of(task, values.Text(TrainSettings.Data)!, values.Origin(TrainSettings.Data), values)
        );
        // What is measured later has the classes of what was trained on.
        values.Default(TrainSettings.Classes, string.Join(',', AnnotatedImages.NamesOf(images.Train)));
        return images;
    }

    public IDataView OpenOther(MLContext ml, string setting, IDataView train) =>
        AnnotatedImages.OpenOne(
            ml,
            AnnotationRequest.Of(task, values.Text(setting)!, values.Origin(setting), values).Elsewhere(),
            AnnotatedImages.NamesOf(train)
        );

    public string Prepare(MLContext ml, ImageSet images)
    {
        _options = CreateOptions();
        _options.Backbone = BackboneOpening.Open(values.Text(TrainSettings.Backbone)!, size: null);
        if (values.Integer(TrainSettings.ImageSize, 64, 8192) is { } size)
            (_options.ImageWidth, _options.ImageHeight) = (size, size);
        TrainerOptionsBinding.Apply(values, _options);
        _options.ValidationSet = images.Validation;
        // Whoever has a fraction and images of their own wants the images.
        if (images.Validation is not null)
            _options.ValidationFraction = 0;
        Check(ml, images);
        return $"{values.Text(TrainSettings.Data)}: {ImageFiles.Count(images.Train)} with {AnnotatedImages.NamesOf(images.Train).Count} classes of {Noun}";
    }

    public void WriteTestList(ImageSet images, RunFolder run) =>
        TemporaryFile.Write(
            run.TestList,
            string.Concat(ImageFiles.Texts(images.Test!, "ImagePath").Select(path => Csv.Line(path) + "\n").Prepend("ImagePath\n"))
        );

    public abstract ITrainedModel Fit(MLContext ml, ImageSet images);

    /// <summary>What has classes: objects, pixels.</summary>
    protected abstract string Noun { get; }

    /// <summary>The trainer's options with the tool's defaults.</summary>
    protected abstract DenseTrainerOptions CreateOptions();

    /// <summary>Has the estimator check the options.</summary>
    protected abstract void Check(MLContext ml, ImageSet images);
}
