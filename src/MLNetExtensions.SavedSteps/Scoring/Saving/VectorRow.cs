using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>A row with a vector of one.</summary>
internal sealed class VectorRow<T>
{
    public const string ColumnName = "mlnetx.Vector";

    [ColumnName(ColumnName)]
    public VBuffer<T> Values { get; set; }
}
