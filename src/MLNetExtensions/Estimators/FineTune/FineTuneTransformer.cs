using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;

namespace MLNetExtensions.Estimators.FineTune;

/// <summary>
/// A fine-tuned classifier of pictures: adds the score, a probability for each class in the order of the label's keys, and the predicted
/// label, a key with the label's key values. Works with Evaluate, CrossValidate, PredictionEngine, MapKeyToValue and
/// PermutationFeatureImportance. <inheritdoc/>
/// </summary>
/// <inheritdoc cref="ImageTransformer"/>
public sealed class FineTuneTransformer : ImageTransformer, ISingleFeaturePredictionTransformer<OnnxGraph>
{
    private readonly string _predictedLabelColumn;
    private readonly ClassLabels _labels;

    private FineTuneTransformer(MLContext context, ScoringModel scoring, ImageColumn image, string predictedLabelColumn, ClassLabels labels,
        FineTuneResult result)
        : base(context, scoring, image)
    {
        _predictedLabelColumn = predictedLabelColumn;
        _labels = labels;
        Result = result;
    }

    /// <summary>What the training run did.</summary>
    public FineTuneResult Result { get; }

    private protected override (string Column, ClassLabels Classes)? SavedLabel => (_predictedLabelColumn, _labels);

    /// <summary>Exports a trained network and makes it score.</summary>
    /// <param name="context">Its GPU settings are used.</param>
    /// <param name="trained">The network, from pixels to logits.</param>
    /// <param name="image">The column of pictures.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="scoreColumn">The output column with the probabilities.</param>
    /// <param name="predictedLabelColumn">The output column with the most probable class.</param>
    internal static FineTuneTransformer Create(
        MLContext context, TrainedClassifier trained, ImageColumn image, ClassLabels labels, string scoreColumn, string predictedLabelColumn)
    {
        var names = new ScoringNames(scoreColumn);
        OnnxGraph graph = ScoringGraph.Classifier(trained.Network, trained.Preprocessing, names, labels, ScoringMetadata.Of(trained.Preprocessing, labels));
        var scoring = new ScoringModel(context, graph, names, trained.Preprocessing);
        if (scoring.OutputLength == labels.Count)
            return new FineTuneTransformer(context, scoring, image, predictedLabelColumn, labels, trained.Result);
        int outputs = scoring.OutputLength;
        scoring.Dispose();
        throw new InvalidOperationException($"The network has {outputs} outputs, the label column {labels.Count} classes.");
    }

    private protected override IReadOnlyList<OutputColumn> ColumnsFor(DataViewSchema input) =>
        ClassificationColumns.Create(input, Scoring.Names.Output, _predictedLabelColumn, _labels);
}
