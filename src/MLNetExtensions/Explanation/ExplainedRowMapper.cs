using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Scoring;

namespace MLNetExtensions.Explanation;

/// <summary>Explains row by row, for PredictionEngine.</summary>
internal sealed class ExplainedRowMapper(
    DataViewSchema input,
    DataViewSchema output,
    ImageColumn image,
    ImageExplainer explainer,
    float opacity
) : IRowToRowMapper
{
    public DataViewSchema InputSchema => input;

    public DataViewSchema OutputSchema => output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        int[] wanted = [.. dependingColumns.Select(column => column.Index)];
        IEnumerable<int> needed = wanted.Where(index => index < input.Count);
        if (wanted.Any(index => index >= input.Count))
            needed = needed.Append(input[image.Name].Index);
        return [.. needed.Distinct().Select(index => input[index])];
    }

    public DataViewRow GetRow(DataViewRow row, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new Row(row, output, [.. activeColumns.Select(column => column.Index)], new ExplainedRow(row, output, image, explainer, opacity));

    private sealed class Row(DataViewRow input, DataViewSchema schema, HashSet<int> active, ExplainedRow explained) : DataViewRow
    {
        public override DataViewSchema Schema => schema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            IsColumnActive(column)
                ? explained.Getter<TValue>(column)
                : throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' was not asked for when the row was made.");

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }
    }
}
