using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Scoring;
using MLNetExtensions.Scoring.Columns;

namespace MLNetExtensions.Uncertainty.Conformal;

/// <summary>Adds sets of classes that hold the true one as often as promised: a vector of Boolean.</summary>
/// <inheritdoc cref="ColumnTransformer"/>
public sealed class ConformalSetTransformer : ColumnTransformer
{
    private readonly string _output;

    internal ConformalSetTransformer(
        MLContext context,
        ColumnModel model,
        ConformalSetOptions options,
        IReadOnlyList<string> classes,
        IReadOnlyList<float> thresholds,
        int rows
    )
        : base(context, model) =>
        (_output, Coverage, Classes, Thresholds, CalibrationRows) = (
            options.PredictionSetColumnName,
            options.Coverage,
            classes,
            thresholds,
            rows
        );

    /// <summary>The promised part of rows whose set holds the true class.</summary>
    public double Coverage { get; }

    /// <summary>The classes, in the order of the set's slots.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The threshold of each class's nonconformity score; infinite for classes that are in every set.</summary>
    public IReadOnlyList<float> Thresholds { get; }

    /// <summary>The number of rows that it was calibrated on.</summary>
    public int CalibrationRows { get; }

    private protected override IReadOnlyList<OutputColumn> ColumnsFor(DataViewSchema input)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        ScoreAnnotations.AddSlotNames(annotations, Classes);
        double coverage = Coverage;
        annotations.AddPrimitiveValue("Coverage", NumberDataViewType.Double, coverage);
        annotations.AddPrimitiveValue("Alpha", NumberDataViewType.Double, 1 - coverage);
        return
        [
            new ValuesColumn<bool>(
                _output,
                0,
                new VectorDataViewType(BooleanDataViewType.Instance, Classes.Count),
                annotations.ToAnnotations()
            ),
        ];
    }
}
