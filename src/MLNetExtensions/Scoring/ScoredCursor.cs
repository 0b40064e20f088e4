using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Scoring.Batches;

namespace MLNetExtensions.Scoring;

/// <summary>The base of cursors over scored rows: keeps the active columns.</summary>
internal abstract class ActiveColumnsCursor(ScoredSchema schema, IEnumerable<DataViewSchema.Column> active) : DataViewRowCursor
{
    private readonly HashSet<int> _active = [.. active.Select(c => c.Index)];

    public sealed override DataViewSchema Schema => schema.Output;

    public sealed override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => IsColumnActive(column)
        ? Getter<TValue>(column)
        : throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' was not asked for when the cursor was made.");

    private protected abstract ValueGetter<TValue> Getter<TValue>(DataViewSchema.Column column);
}

/// <summary>Rows of which no score was asked for.</summary>
internal sealed class PassedCursor(ScoredSchema schema, IEnumerable<DataViewSchema.Column> active, DataViewRowCursor others) : ActiveColumnsCursor(schema, active)
{
    private readonly ScoredSchema _schema = schema;

    public override long Position => others.Position;

    public override long Batch => others.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => others.GetIdGetter();

    public override bool MoveNext() => others.MoveNext();

    private protected override ValueGetter<TValue> Getter<TValue>(DataViewSchema.Column column) => others.GetGetter<TValue>(_schema.Other(column));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            others.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Rows of which only scores were asked for.</summary>
internal sealed class ScoredCursor(ScoredSchema schema, IEnumerable<DataViewSchema.Column> active, BatchScorer batches) : ActiveColumnsCursor(schema, active)
{
    private readonly ScoredSchema _schema = schema;
    private long _position = -1;

    public override long Position => _position;

    public override long Batch => 0;

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = batches.RowId;

    public override bool MoveNext()
    {
        bool moved = batches.MoveNext();
        _position = moved ? _position + 1 : -1;
        return moved;
    }

    private protected override ValueGetter<TValue> Getter<TValue>(DataViewSchema.Column column) => _schema.Getter<TValue>(column, batches);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            batches.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Walks the rows' other columns in step with their scores; the other columns are not copied.</summary>
internal sealed class PairedCursor(ScoredSchema schema, IEnumerable<DataViewSchema.Column> active, DataViewRowCursor others, BatchScorer batches)
    : ActiveColumnsCursor(schema, active)
{
    private readonly ScoredSchema _schema = schema;
    private readonly ValueGetter<DataViewRowId> _id = others.GetIdGetter();
    private DataViewRowId _rowId;

    public override long Position => others.Position;

    public override long Batch => others.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _id;

    public override bool MoveNext()
    {
        bool moved = others.MoveNext();
        bool scored = batches.MoveNext();
        if (moved && scored)
            _id(ref _rowId);
        if (moved != scored || (moved && !_rowId.Equals(batches.RowId)))
            throw new InvalidOperationException($"Row {Position} of the input was another row when it was scored. " +
                "Scoring reads the input twice at the same time, and both times it must give the same rows in the same order.");
        return moved;
    }

    private protected override ValueGetter<TValue> Getter<TValue>(DataViewSchema.Column column) => _schema.IsScored(column)
        ? _schema.Getter<TValue>(column, batches)
        : others.GetGetter<TValue>(_schema.Other(column));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            batches.Dispose();
            others.Dispose();
        }
        base.Dispose(disposing);
    }
}
