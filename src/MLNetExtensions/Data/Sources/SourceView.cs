using Microsoft.ML;

namespace MLNetExtensions.Data.Sources;

/// <summary>
/// A view of rows that can be read in any order, value by value, when a cursor asks for them: it shuffles without reading anything, unless
/// its images come in one order only.
/// </summary>
internal sealed class SourceView : IDataView
{
    private readonly IReadOnlyList<SourceColumn> _columns;
    private readonly int _count;

    public SourceView(int count, bool isSequential, params IReadOnlyList<SourceColumn> columns)
    {
        (_columns, _count, CanShuffle) = (columns, count, !isSequential);
        var builder = new DataViewSchema.Builder();
        foreach (SourceColumn column in columns)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle { get; }

    public long? GetRowCount() => _count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        int[]? order = null;
        if (rand is not null && CanShuffle)
        {
            order = [.. Enumerable.Range(0, _count)];
            rand.Shuffle(order);
        }
        return new SourceCursor(this, _columns, columnsNeeded, _count, order);
    }

    /// <summary>Returns a single cursor, because images are decoded in parallel after it.</summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
