using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>A row with a value.</summary>
internal sealed class ValueRow<T>
{
    public const string ColumnName = "mlnetx.Value";

    [ColumnName(ColumnName)]
    public T Value { get; set; } = default!;
}
