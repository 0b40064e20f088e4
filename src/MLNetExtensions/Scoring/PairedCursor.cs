using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Scoring.Batches;

namespace MLNetExtensions.Scoring;

/// <summary>Walks the rows' other columns in step with their scores; the other columns are not copied.</summary>
internal sealed class PairedCursor(
    ScoredSchema schema,
    IEnumerable<DataViewSchema.Column> active,
    DataViewRowCursor others,
    BatchScorer batches
) : ActiveColumnsCursor(schema, active)
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
            throw new InvalidOperationException(
                $"Row {Position} of the input was another row when it was scored. "
                    + "Scoring reads the input twice at the same time, and both times it must give the same rows in the same order."
            );
        return moved;
    }

    private protected override ValueGetter<TValue> Getter<TValue>(DataViewSchema.Column column) =>
        _schema.IsScored(column) ? _schema.Getter<TValue>(column, batches) : others.GetGetter<TValue>(_schema.Other(column));

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
