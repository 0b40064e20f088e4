using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Data.Sources;

/// <summary>Walks a <see cref="SourceView"/> in its order or in another.</summary>
internal sealed class SourceCursor : DataViewRowCursor
{
    private readonly SourceView _view;
    private readonly IReadOnlyList<SourceColumn> _columns;
    private readonly HashSet<int> _active;
    private readonly int[]? _order;
    private readonly int _count;
    private readonly List<IDisposable> _owned = [];
    private long _position = -1;

    public SourceCursor(
        SourceView view,
        IReadOnlyList<SourceColumn> columns,
        IEnumerable<DataViewSchema.Column> active,
        int count,
        int[]? order
    )
    {
        (_view, _columns, _count, _order) = (view, columns, count, order);
        _active = [.. active.Select(column => column.Index)];
    }

    public override DataViewSchema Schema => _view.Schema;

    public override long Position => _position;

    public override long Batch => 0;

    /// <summary>The row in the source, from 0.</summary>
    public int Row =>
        _position < 0 || _position >= _count
            ? throw new InvalidOperationException("The cursor is at no row: call MoveNext before values are read, until it gives false.")
        : _order is null ? (int)_position
        : _order[_position];

    /// <summary>Has something disposed with this cursor.</summary>
    public T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }

    public override bool MoveNext()
    {
        if (_position < _count)
            _position++;
        return _position < _count;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Row, 0);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' was not asked for when the cursor was made.");
        return _columns[column.Index].Getter(this) as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' is of type {column.Type}, not {typeof(TValue).Name}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _owned.ForEach(resource => resource.Dispose());
        base.Dispose(disposing);
    }
}
