using Microsoft.ML;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.Batches;

/// <summary>The column that feeds a model's input, and the way it does.</summary>
internal abstract record InputSource
{
    /// <summary>The column's name.</summary>
    public abstract string ColumnName { get; }

    /// <summary>The shape of the column's rows, as the model sees them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public abstract RowShape ShapeIn(DataViewSchema schema);

    /// <summary>Makes the reader of a row's or a cursor's column.</summary>
    public abstract InputReader Open(DataViewRow row);
}
