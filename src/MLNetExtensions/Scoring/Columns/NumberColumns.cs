using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Scoring.Columns;

/// <summary>Checks of columns of numbers in the shape of a schema.</summary>
internal static class NumberColumns
{
    /// <param name="shape">The shape.</param>
    /// <param name="column">The column.</param>
    /// <param name="isVector">True if a vector is needed, false if a number is.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static void Check(SchemaShape shape, string column, bool isVector)
    {
        if (SchemaShapes.Find(shape, column) is not { } found)
            throw MissingColumn.In(shape, "input", column);
        SchemaShape.Column.VectorKind expected = isVector ? SchemaShape.Column.VectorKind.Vector : SchemaShape.Column.VectorKind.Scalar;
        if (found.ItemType == NumberDataViewType.Single && found.Kind == expected)
            return;
        throw new ArgumentOutOfRangeException(
            "schema",
            $"Schema mismatch for input column '{column}': expected {(isVector ? "Vector<Single> of known size" : "Single")}, got {found.Kind} of {found.ItemType}"
        );
    }
}
