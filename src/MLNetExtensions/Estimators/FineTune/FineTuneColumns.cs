using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.MLNet;
using MLNetExtensions.Scoring;

namespace MLNetExtensions.Estimators.FineTune;

/// <summary>The columns that fine-tuning asks for and those it promises, before anything is fitted.</summary>
internal static class FineTuneColumns
{
    /// <exception cref="ArgumentOutOfRangeException">The image or the label column is missing or of another type.</exception>
    public static SchemaShape Add(SchemaShape input, string labelColumn, string imageColumn, string scoreColumn, string predictedLabelColumn)
    {
        ImageColumn.Check(input, imageColumn);
        SchemaShape.Column label = SchemaShapes.Find(input, labelColumn)
            ?? throw new ArgumentOutOfRangeException(nameof(input), $"Could not find label column '{labelColumn}'");
        if (!label.IsKey || label.Kind != SchemaShape.Column.VectorKind.Scalar)
            throw new ArgumentOutOfRangeException(nameof(input), $"Schema mismatch for label column '{labelColumn}': " +
                $"expected Key (as MapValueToKey makes), got {(label.Kind == SchemaShape.Column.VectorKind.Scalar ? label.ItemType : $"Vector<{label.ItemType}>")}");

        var added = new DataViewSchema.Builder();
        DataViewSchema none = new DataViewSchema.Builder().ToSchema();
        foreach (OutputColumn column in ClassificationColumns.Create(none, scoreColumn, predictedLabelColumn, ClassLabels.Like(label)))
            added.AddColumn(column.Name, column.Type, column.Annotations);
        return SchemaShapes.Add(input, added.ToSchema());
    }
}
