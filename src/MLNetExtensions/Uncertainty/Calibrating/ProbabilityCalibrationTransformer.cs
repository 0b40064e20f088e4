using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data;
using MLNetExtensions.Scoring;
using MLNetExtensions.Scoring.Columns;

namespace MLNetExtensions.Uncertainty.Calibrating;

/// <summary>Puts calibrated probabilities, and the class that is most probable then, in place of a classifier's.</summary>
/// <inheritdoc cref="ColumnTransformer"/>
public sealed class ProbabilityCalibrationTransformer : ColumnTransformer
{
    private readonly ProbabilityCalibrationOptions _options;
    private readonly ClassLabels _labels;

    internal ProbabilityCalibrationTransformer(
        MLContext context,
        ColumnModel model,
        ProbabilityCalibrationOptions options,
        ClassLabels labels
    )
        : base(context, model) => (_options, _labels) = (options, labels);

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
