using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Scoring;
using MLNetExtensions.Scoring.Columns;
using MLNetExtensions.Scoring.Saving;

namespace MLNetExtensions.Uncertainty.Outliers;

/// <summary>Adds how far rows are from the training rows, and whether they are outliers.</summary>
/// <inheritdoc cref="ColumnTransformer"/>
public sealed class OutlierTransformer : ColumnTransformer
{
    private readonly OutlierOptions _options;

    internal OutlierTransformer(MLContext context, ColumnModel model, OutlierOptions options, float threshold, int rows)
        : base(context, model) => (_options, Threshold, TrainingRows) = (options, threshold, rows);

    /// <summary>Scores above it are outliers.</summary>
    public float Threshold { get; }

    /// <summary>The number of rows that it was fitted to.</summary>
    public int TrainingRows { get; }

    private protected override IReadOnlyList<OutputColumn> ColumnsFor(DataViewSchema input)
    {
        uint setId = ScoreAnnotations.NextSetId(input);
        return
        [
            new ValueColumn<float>(_options.ScoreColumnName, 0, NumberDataViewType.Single, Annotations("Score")),
            new ValueColumn<bool>(_options.PredictedLabelColumnName, 1, BooleanDataViewType.Instance, Annotations("PredictedLabel")),
        ];

        DataViewSchema.Annotations Annotations(string kind)
        {
            var annotations = new DataViewSchema.Annotations.Builder();
            ScoreAnnotations.AddKind(annotations, "AnomalyDetection", kind, setId);
            return annotations.ToAnnotations();
        }
    }

    private protected override EstimatorChain<ITransformer> AppendTo(
        MLContext context,
        EstimatorChain<ITransformer> chain,
        List<string> temporaries
    ) =>
        FirstValue.Append(
            context,
            FirstValue.Append(context, chain, _options.ScoreColumnName, NumberDataViewType.Single, temporaries),
            _options.PredictedLabelColumnName,
            BooleanDataViewType.Instance,
            temporaries
        );
}
