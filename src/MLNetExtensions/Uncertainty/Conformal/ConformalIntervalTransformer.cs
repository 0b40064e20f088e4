using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Scoring;
using MLNetExtensions.Scoring.Columns;

namespace MLNetExtensions.Uncertainty.Conformal;

/// <summary>Adds intervals that hold the true number as often as promised: a vector of two Single.</summary>
/// <inheritdoc cref="ColumnTransformer"/>
public sealed class ConformalIntervalTransformer : ColumnTransformer
{
    /// <summary>The names of the slots.</summary>
    internal static readonly string[] Ends = ["Lower", "Upper"];

    private readonly string _output;

    internal ConformalIntervalTransformer(MLContext context, ColumnModel model, ConformalIntervalOptions options, float width, int rows)
        : base(context, model) =>
        (_output, Coverage, Margin, CalibrationRows) = (options.IntervalColumnName, options.Coverage, width, rows);

    /// <summary>The promised part of rows whose interval holds the true number.</summary>
    public double Coverage { get; }

    /// <summary>What is added to the score, or to the high quantile, and taken from the score or the low one; in the label's unit.</summary>
    public float Margin { get; }

    /// <summary>The number of rows that it was calibrated on.</summary>
    public int CalibrationRows { get; }

    private protected override IReadOnlyList<OutputColumn> ColumnsFor(DataViewSchema input)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        ScoreAnnotations.AddSlotNames(annotations, Ends);
        double coverage = Coverage;
        annotations.AddPrimitiveValue("Coverage", NumberDataViewType.Double, coverage);
        annotations.AddPrimitiveValue("Alpha", NumberDataViewType.Double, 1 - coverage);
        return [new ValuesColumn<float>(_output, 0, new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations())];
    }
}
