using Microsoft.ML;

namespace MLNetExtensions.Scoring;

/// <summary>A view with the scores of its pictures: computed in batches, when they are asked for.</summary>
internal sealed class ScoredView(IDataView input, ScoredSchema schema, ScoringModel model) : IDataView
{
    public DataViewSchema Schema => schema.Output;

    public bool CanShuffle => input.CanShuffle;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        List<DataViewSchema.Column> needed = [.. columnsNeeded];
        List<DataViewSchema.Column> passed = [.. schema.PassedThrough(needed)];
        if (!needed.Exists(schema.IsAdded))
            return new ScoredCursor(schema, needed, input.GetRowCursor(passed, rand), batches: null);

        // Two cursors walk the input, one ahead for the pictures; the same seed gives both the same order.
        int seed = rand?.Next() ?? 0;
        var batches = new BatchScorer(
            () => input.GetRowCursor([input.Schema[schema.Image.Name]], rand is null ? null : new Random(seed)), schema.Image, model);
        return new ScoredCursor(schema, needed, input.GetRowCursor(passed, rand is null ? null : new Random(seed)), batches);
    }

    /// <summary>One cursor: a batch is decoded and scored by all threads as it is.</summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
