using Microsoft.ML;

namespace MLNetExtensions.Scoring;

/// <summary>The base of cursors over scored rows: keeps the active columns.</summary>
internal abstract class ActiveColumnsCursor(ScoredSchema schema, IEnumerable<DataViewSchema.Column> active) : DataViewRowCursor
{
    private readonly HashSet<int> _active = [.. active.Select(c => c.Index)];

    public sealed override DataViewSchema Schema => schema.Output;

    public sealed override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        IsColumnActive(column)
            ? Getter<TValue>(column)
            : throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' was not asked for when the cursor was made.");

    private protected abstract ValueGetter<TValue> Getter<TValue>(DataViewSchema.Column column);
}
