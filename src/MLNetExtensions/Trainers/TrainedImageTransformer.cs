using Microsoft.ML;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;
using MLNetExtensions.Scoring.Tasks;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers;

/// <summary>A network that was trained on images with labels. <inheritdoc/></summary>
/// <inheritdoc cref="ImageTransformer"/>
public abstract class TrainedImageTransformer : ImageTransformer, ISingleFeaturePredictionTransformer<OnnxGraph>
{
    private readonly ScoringTask _task;

    private protected TrainedImageTransformer(MLContext context, TrainedNetwork trained, ImageColumn image, string scoreColumn)
        : base(context, Open(context, trained, scoreColumn), image)
    {
        _task = trained.Task;
        Result = trained.Result;
    }

    private protected TrainedImageTransformer(TrainedImageTransformer other, OnnxGraph model)
        : base(other, model)
    {
        _task = other._task;
        Result = other.Result;
    }

    /// <summary>
    /// Creates the same transformer with another model inside, such as <see cref="ImageTransformer.Model"/> quantized or pruned: it scores
    /// and saves that model. This one is not changed; dispose both.
    /// </summary>
    /// <param name="model">A model with the same inputs and outputs.</param>
    /// <exception cref="ArgumentException">Its inputs or outputs differ.</exception>
    public abstract TrainedImageTransformer WithModel(OnnxGraph model);

    /// <summary>The result of the training run.</summary>
    public TrainingResult Result { get; }

    private protected override ScoringTask Task => _task;

    private protected override TrainingResult Training => Result;

    private protected override IReadOnlyList<OutputColumn> ColumnsFor(DataViewSchema input) => _task.Columns(input, Scoring.Names);

    /// <summary>Exports a trained network and makes it score.</summary>
    private static ScoringModel Open(MLContext context, TrainedNetwork trained, string scoreColumn)
    {
        var names = new ScoringNames(scoreColumn);
        OnnxGraph exported = trained.Task.Export(trained.Network, trained.Preprocessing, names);
        if (trained.Result.Temperature is { } temperature)
            exported = temperature.Apply(exported);
        var scoring = new ScoringModel(context, exported, names, trained.Preprocessing);
        if (scoring.OutputLength == trained.Task.OutputLength)
            return scoring;
        int outputs = scoring.OutputLength;
        scoring.Dispose();
        throw new InvalidOperationException(
            $"The network's scores are {outputs} values an image, the label column asks for {trained.Task.OutputLength}."
        );
    }
}
