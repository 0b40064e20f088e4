using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Surgery;

namespace Microsoft.ML;

/// <summary>Several models as one.</summary>
public static class EnsembleCatalog
{
    /// <summary>
    /// Joins several models into one ONNX graph, whose score is the mean of theirs: of probabilities, not of logits. It is mostly more
    /// accurate and better calibrated than each, and takes as long as all of them (<see href="https://arxiv.org/abs/1612.01474">arXiv
    /// 1612.01474</see>). The networks may be different ones.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="models"><c>Model</c> of trained transformers with the same image size, classes and column names: of several seeds, folds
    /// or backbones.</param>
    /// <returns>The model; <c>WithModel</c> of a transformer scores and saves it. Calibrate it, not its members: the mean of calibrated
    /// probabilities is too cautious.</returns>
    /// <exception cref="ArgumentException">There are no models, or their inputs, outputs or classes differ.</exception>
    /// <example><code>
    /// FineTuneTransformer[] members = [.. seeds.Select(seed => Train(seed))];
    /// using TrainedImageTransformer ensemble = members[0].WithModel(ml.Vision().Ensemble([.. members.Select(m => m.Model)]));
    /// </code></example>
    public static OnnxGraph Ensemble(this VisionOperationsCatalog catalog, IReadOnlyList<OnnxGraph> models)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(models);
        if (models.Count == 0)
            throw new ArgumentException("There are no models to join.", nameof(models));
        string? classes = models[0].Metadata.GetValueOrDefault(ScoringMetadata.LabelsKey);
        for (int i = 1; i < models.Count; i++)
            if (models[i].Metadata.GetValueOrDefault(ScoringMetadata.LabelsKey) is var other && other != classes)
                throw new ArgumentException(
                    $"Model {i} has the classes {other ?? "(none)"}, model 0 has {classes ?? "(none)"}. Train all with the same label mapping.",
                    nameof(models)
                );
        return models.Count == 1 ? models[0] : GraphMean.Of(models);
    }
}
