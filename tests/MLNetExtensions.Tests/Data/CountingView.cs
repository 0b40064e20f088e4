using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Tests.Data;

/// <summary>Counts the rows that were read and the cursors that are open.</summary>
internal sealed class CountingView(IDataView inner) : IDataView
{
    private int _openCursors;
    private int _rowsRead;

    public int OpenCursors => _openCursors;

    public int RowsRead => _rowsRead;

    public bool CanShuffle => false;

    public DataViewSchema Schema => inner.Schema;

    public long? GetRowCount() => inner.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, inner.GetRowCursor(columnsNeeded, rand));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly CountingView _view;
        private readonly DataViewRowCursor _inner;

        public Cursor(CountingView view, DataViewRowCursor inner)
        {
            (_view, _inner) = (view, inner);
            Interlocked.Increment(ref view._openCursors);
        }

        public override long Position => _inner.Position;

        public override long Batch => _inner.Batch;

        public override DataViewSchema Schema => _inner.Schema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => _inner.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _inner.GetGetter<TValue>(column);

        public override bool IsColumnActive(DataViewSchema.Column column) => _inner.IsColumnActive(column);

        public override bool MoveNext()
        {
            Interlocked.Increment(ref _view._rowsRead);
            return _inner.MoveNext();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                Interlocked.Decrement(ref _view._openCursors);
                _inner.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
