using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Scoring;

namespace MLNetExtensions.Explanation;

/// <summary>A view with explanations as columns.</summary>
internal sealed class ExplainedView(IDataView input, DataViewSchema schema, ImageColumn image, ImageExplainer explainer, float opacity)
    : IDataView
{
    public DataViewSchema Schema => schema;

    public bool CanShuffle => input.CanShuffle;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        HashSet<int> active = [.. columnsNeeded.Select(column => column.Index)];
        IEnumerable<int> inner = active.Where(index => index < input.Schema.Count);
        if (active.Any(index => index >= input.Schema.Count))
            inner = inner.Append(input.Schema[image.Name].Index);
        DataViewRowCursor cursor = input.GetRowCursor([.. inner.Distinct().Select(index => input.Schema[index])], rand);
        return new Cursor(cursor, schema, active, new ExplainedRow(cursor, schema, image, explainer, opacity));
    }

    /// <summary>Returns a single cursor, because the sessions compute with all threads already.</summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor input, DataViewSchema schema, HashSet<int> active, ExplainedRow row) : DataViewRowCursor
    {
        public override DataViewSchema Schema => schema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool MoveNext() => input.MoveNext();

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            IsColumnActive(column)
                ? row.Getter<TValue>(column)
                : throw new ArgumentOutOfRangeException(
                    nameof(column),
                    $"Column '{column.Name}' was not asked for when the cursor was made."
                );

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }
    }
}
