using Microsoft.ML;
using MLNetExtensions.Scoring.Batches;

namespace MLNetExtensions.Scoring;

/// <summary>A view with a model's outputs as columns: computed in batches, when they are asked for.</summary>
/// <param name="source">The rows that are scored.</param>
/// <param name="others">The same rows with the schema's other columns; often <paramref name="source"/> itself.</param>
/// <param name="schema">The schema.</param>
/// <param name="engine">The model.</param>
internal sealed class ScoredView(IDataView source, IDataView others, ScoredSchema schema, ScoringEngine engine) : IDataView
{
    public DataViewSchema Schema => schema.Output;

    public bool CanShuffle => others.CanShuffle;

    public long? GetRowCount() => others.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        List<DataViewSchema.Column> needed = [.. columnsNeeded];
        List<DataViewSchema.Column> passed = [.. schema.Others(needed)];
        if (needed.Count > 0 && passed.Count == needed.Count || needed.Count == 0)
            return new PassedCursor(schema, needed, others.GetRowCursor(passed, rand));

        // Where other columns are asked for too, two cursors walk the rows, one ahead for the model; the same seed gives both the same
        // order.
        int seed = rand?.Next() ?? 0;
        var batches = new BatchScorer(() => source.GetRowCursor(engine.ColumnsOf(source.Schema), Again()), engine);
        return passed.Count == 0
            ? new ScoredCursor(schema, needed, batches)
            : new PairedCursor(schema, needed, others.GetRowCursor(passed, Again()), batches);

        Random? Again() => rand is null ? null : new Random(seed);
    }

    /// <summary>Returns a single cursor, because all threads decode and score a batch already.</summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
