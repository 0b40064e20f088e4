using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring;

/// <summary>Rows of which no score was asked for.</summary>
internal sealed class PassedCursor(ScoredSchema schema, IEnumerable<DataViewSchema.Column> active, DataViewRowCursor others)
    : ActiveColumnsCursor(schema, active)
{
    private readonly ScoredSchema _schema = schema;

    public override long Position => others.Position;

    public override long Batch => others.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => others.GetIdGetter();

    public override bool MoveNext() => others.MoveNext();

    private protected override ValueGetter<TValue> Getter<TValue>(DataViewSchema.Column column) =>
        others.GetGetter<TValue>(_schema.Other(column));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            others.Dispose();
        base.Dispose(disposing);
    }
}
