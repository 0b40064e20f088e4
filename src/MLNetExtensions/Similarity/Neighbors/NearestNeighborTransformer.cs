using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;
using MLNetExtensions.Scoring.Columns;

namespace MLNetExtensions.Similarity.Neighbors;

/// <summary>Classifies by the most similar training rows: a probability for each class, and the most probable one.</summary>
/// <inheritdoc cref="ColumnTransformer"/>
public sealed class NearestNeighborTransformer : ColumnTransformer, ISingleFeaturePredictionTransformer<OnnxGraph>
{
    private readonly NearestNeighborOptions _options;
    private readonly ClassLabels _labels;

    internal NearestNeighborTransformer(MLContext context, ColumnModel model, NearestNeighborOptions options, ClassLabels labels, int rows)
        : base(context, model) => (_options, _labels, TrainingRows) = (options, labels, rows);

    /// <summary>The number of rows that are compared with.</summary>
    public int TrainingRows { get; }

    /// <summary>The column of features.</summary>
    public string FeatureColumnName => _options.FeatureColumnName;

    /// <summary>The type of the column of features.</summary>
    public DataViewType FeatureColumnType => new VectorDataViewType(NumberDataViewType.Single, (int)Model.Inputs[0].Shape![1].Size!.Value);

    private protected override IReadOnlyList<OutputColumn> ColumnsFor(DataViewSchema input) =>
        ClassificationColumns.Create(input, _options.ScoreColumnName, _options.PredictedLabelColumnName, _labels);

    private protected override EstimatorChain<ITransformer> AppendTo(
        MLContext context,
        EstimatorChain<ITransformer> chain,
        List<string> temporaries
    ) =>
        ClassOutputs.Append(
            context,
            chain,
            new ScoringNames(_options.ScoreColumnName),
            _labels,
            _options.PredictedLabelColumnName,
            temporaries
        );
}
