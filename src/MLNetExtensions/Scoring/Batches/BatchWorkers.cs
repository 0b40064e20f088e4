using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;

namespace MLNetExtensions.Scoring.Batches;

/// <summary>Threads that read batches of a cursor's rows in turn, and then decode and score them side by side.</summary>
internal sealed class BatchWorkers : OrderedWorkers<ScoreBatch>
{
    // One batch is the consumer's and one waits for it.
    private const int WaitingBatches = 2;

    private readonly ScoringEngine _engine;
    private readonly DataViewRowCursor _cursor;
    private readonly ValueGetter<DataViewRowId> _id;
    private readonly RowReader _reader;
    private int _rows = 1;

    /// <param name="engine">Scores the batches.</param>
    /// <param name="cursor">The rows, with the engine's columns active; closed by Dispose.</param>
    public BatchWorkers(ScoringEngine engine, DataViewRowCursor cursor)
        : base(
            [.. Enumerable.Range(0, engine.Session.ConcurrentBatches + WaitingBatches).Select(_ => engine.NewBatch())],
            CancellationToken.None
        )
    {
        (_engine, _cursor) = (engine, cursor);
        _id = cursor.GetIdGetter();
        _reader = engine.Open(cursor);
        Start(engine.Session.ConcurrentBatches, "batch scorer");
    }

    /// <summary>Waits for the next batch. It is the caller's until <see cref="OrderedWorkers{T}.Release"/>.</summary>
    public ScoreBatch Next() => Take();

    protected override bool Read(ScoreBatch batch, long index)
    {
        _reader.Fill(batch, _cursor, _id, _rows);
        // The first batches are small: whoever wants only a few rows gets them soon.
        _rows = Math.Min(2 * _rows, batch.Capacity);
        return !batch.IsLast && batch.Error is null;
    }

    protected override void Work(ScoreBatch batch)
    {
        try
        {
            _engine.Score(batch, _reader);
        }
        catch (Exception e)
        {
            (batch.Count, batch.Error) = (0, e);
        }
    }

    protected override void CloseSource() => _cursor.Dispose();
}
