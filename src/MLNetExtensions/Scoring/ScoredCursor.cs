using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Scoring.Batches;

namespace MLNetExtensions.Scoring;

/// <summary>Rows of which only scores were asked for.</summary>
internal sealed class ScoredCursor(ScoredSchema schema, IEnumerable<DataViewSchema.Column> active, BatchScorer batches)
    : ActiveColumnsCursor(schema, active)
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
