using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Trainers.Augmenting;

/// <summary>A view under a schema that differs in annotations only.</summary>
internal sealed class MarkedView(IDataView input, DataViewSchema schema) : IDataView
{
    public DataViewSchema Schema { get; } = schema;

    public bool CanShuffle => input.CanShuffle;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(input.GetRowCursor(Inner(columnsNeeded), rand), input.Schema, Schema);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [.. input.GetRowCursorSet(Inner(columnsNeeded), n, rand).Select(cursor => new Cursor(cursor, input.Schema, Schema))];

    private IEnumerable<DataViewSchema.Column> Inner(IEnumerable<DataViewSchema.Column> columns) =>
        columns.Select(column => input.Schema[column.Index]);

    private sealed class Cursor(DataViewRowCursor input, DataViewSchema inputSchema, DataViewSchema schema) : DataViewRowCursor
    {
        public override DataViewSchema Schema => schema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool MoveNext() => input.MoveNext();

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(inputSchema[column.Index]);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            input.GetGetter<TValue>(inputSchema[column.Index]);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }
    }
}
