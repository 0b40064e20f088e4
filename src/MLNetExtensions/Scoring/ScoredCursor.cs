using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring;

/// <summary>Walks the input in step with the scores of a <see cref="BatchScorer"/>; the input's own columns are not copied.</summary>
internal sealed class ScoredCursor : DataViewRowCursor, IScoreSource
{
    private readonly ScoredSchema _schema;
    private readonly HashSet<int> _active;
    private readonly DataViewRowCursor _input;
    private readonly BatchScorer? _batches;
    private readonly ValueGetter<DataViewRowId> _id;
    private DataViewRowId _rowId;

    /// <param name="schema">The schema with scores.</param>
    /// <param name="active">The columns asked for.</param>
    /// <param name="input">The input's cursor.</param>
    /// <param name="batches">The scores of the same rows; null where no score was asked for.</param>
    public ScoredCursor(ScoredSchema schema, IEnumerable<DataViewSchema.Column> active, DataViewRowCursor input, BatchScorer? batches)
    {
        _schema = schema;
        _active = [.. active.Select(c => c.Index)];
        _input = input;
        _batches = batches;
        _id = input.GetIdGetter();
    }

    public override DataViewSchema Schema => _schema.Output;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public ReadOnlySpan<float> Scores => _batches!.Scores;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => _id;

    public override bool MoveNext()
    {
        bool moved = _input.MoveNext();
        if (_batches is null)
            return moved;
        bool scored = _batches.MoveNext();
        if (moved && scored)
            _id(ref _rowId);
        if (moved != scored || (moved && !_rowId.Equals(_batches.RowId)))
            throw new InvalidOperationException($"Row {Position} of the input was another row when the pictures were read. " +
                "Scoring reads the input twice at the same time, and both times it must give the same rows in the same order.");
        return moved;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' was not asked for when the cursor was made.");
        return _schema.IsAdded(column)
            ? _schema.Getter<TValue>(column, this)
            : _input.GetGetter<TValue>(_schema.Input[column.Index]);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _batches?.Dispose();
            _input.Dispose();
        }
        base.Dispose(disposing);
    }
}
