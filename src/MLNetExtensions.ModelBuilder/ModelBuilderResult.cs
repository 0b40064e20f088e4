using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Training;

namespace MLNetExtensions.ModelBuilder;

/// <summary>A trained Model Builder project. Dispose it when the model is not used any longer.</summary>
public sealed class ModelBuilderResult : IDisposable
{
    private readonly IDisposable _model;

    internal ModelBuilderResult(TransformerChain<ITransformer> model, TrainingResult training)
    {
        (Model, _model, Training) = (model, model, training);
    }

    /// <summary>
    /// The model that was saved. It reads the columns <c>Label</c> (text, may be missing) and <c>ImageSource</c>, and adds <c>Label</c> as a
    /// key, <c>PredictedLabel</c> (text) and <c>Score</c>, a probability for each class in the order of the keys.
    /// </summary>
    public ITransformer Model { get; }

    /// <summary>The <see cref="Metric"/> on the validation images, as it was written into the configuration.</summary>
    public required double Score { get; init; }

    /// <summary>The metric of the configuration.</summary>
    public required ModelBuilderMetric Metric { get; init; }

    /// <summary>All metrics on the validation images.</summary>
    public required MulticlassClassificationMetrics Metrics { get; init; }

    /// <summary>The duration of training.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The name of the backbone.</summary>
    public required string Backbone { get; init; }

    /// <summary>The files that were written, as full paths.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The epochs, warnings and skipped images.</summary>
    public TrainingResult Training { get; }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();
}
