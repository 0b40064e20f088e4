using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Data.Splits;

/// <summary>Some rows of a view, told by their identity, which stays when the view is shuffled. Rows left out are not read.</summary>
internal sealed class RowSubset(IDataView input, HashSet<DataViewRowId> rows) : IDataView
{
    public DataViewSchema Schema => input.Schema;

    public bool CanShuffle => input.CanShuffle;

    public long? GetRowCount() => rows.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(input.GetRowCursor(columnsNeeded, rand), rows);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [.. input.GetRowCursorSet(columnsNeeded, n, rand).Select(cursor => new Cursor(cursor, rows))];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly DataViewRowCursor _input;
        private readonly HashSet<DataViewRowId> _rows;
        private readonly ValueGetter<DataViewRowId> _id;
        private long _position = -1;

        public Cursor(DataViewRowCursor input, HashSet<DataViewRowId> rows)
        {
            (_input, _rows) = (input, rows);
            _id = input.GetIdGetter();
        }

        public override DataViewSchema Schema => _input.Schema;

        public override long Position => _position;

        public override long Batch => _input.Batch;

        public override bool MoveNext()
        {
            DataViewRowId id = default;
            while (_input.MoveNext())
            {
                _id(ref id);
                if (!_rows.Contains(id))
                    continue;
                _position++;
                return true;
            }
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _input.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => _id;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _input.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _input.Dispose();
            base.Dispose(disposing);
        }
    }
}
