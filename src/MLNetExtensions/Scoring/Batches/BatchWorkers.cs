using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring.Batches;

/// <summary>
/// Threads that take turns at a cursor, a batch of rows each, and then decode and score side by side. Batch i travels in slot i modulo the number of slots, so the
/// order is the cursor's whatever the threads do, and no more batches exist than there are slots.
/// </summary>
internal sealed class BatchWorkers : IDisposable
{
    // One batch is the consumer's and one waits for it.
    private const int WaitingBatches = 2;

    private readonly ScoringEngine _engine;
    private readonly DataViewRowCursor _cursor;
    private readonly ValueGetter<DataViewRowId> _id;
    private readonly RowReader _reader;
    private readonly ScoreBatch[] _batches;
    private readonly SemaphoreSlim _free;
    private readonly Lock _turn = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread[] _threads;
    private int _rows = 1;
    private long _nextToRead;
    private long _nextToTake;
    private bool _ended;

    /// <param name="engine">Scores the batches.</param>
    /// <param name="cursor">The rows, with the engine's columns active; closed by <see cref="Dispose"/>.</param>
    public BatchWorkers(ScoringEngine engine, DataViewRowCursor cursor)
    {
        (_engine, _cursor) = (engine, cursor);
        _id = cursor.GetIdGetter();
        _reader = engine.Open(cursor);
        int threads = engine.Session.ConcurrentBatches;
        _batches = [.. Enumerable.Range(0, threads + WaitingBatches).Select(_ => engine.NewBatch())];
        _free = new SemaphoreSlim(_batches.Length);
        _threads = [.. Enumerable.Range(0, threads).Select(i => new Thread(Work) { IsBackground = true, Name = $"batch scorer {i}" })];
        foreach (Thread thread in _threads)
            thread.Start();
    }

    /// <summary>Waits for the next batch. It is the caller's until <see cref="Release"/>.</summary>
    public ScoreBatch Next()
    {
        ScoreBatch batch = _batches[_nextToTake++ % _batches.Length];
        batch.Done.Wait();
        return batch;
    }

    public void Release(ScoreBatch batch)
    {
        batch.Done.Reset();
        _free.Release();
    }

    /// <summary>Stops the threads, waits for the batches that are being scored, and closes the cursor.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        foreach (Thread thread in _threads)
            thread.Join();
        _cursor.Dispose();
        foreach (ScoreBatch batch in _batches)
            batch.Dispose();
        _free.Dispose();
        _stop.Dispose();
    }

    private void Work()
    {
        try
        {
            while (Read() is ScoreBatch batch)
            {
                Score(batch);
                batch.Done.Set();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The consumer has left.
        }
    }

    private ScoreBatch? Read()
    {
        lock (_turn)
        {
            if (_ended)
                return null;
            _free.Wait(_stop.Token);
            ScoreBatch batch = _batches[_nextToRead++ % _batches.Length];
            _reader.Fill(batch, _cursor, _id, _rows);
            // The first batches are small: whoever wants only a few rows gets them soon.
            _rows = Math.Min(2 * _rows, batch.Capacity);
            _ended = batch.IsLast || batch.Error is not null;
            return batch;
        }
    }

    private void Score(ScoreBatch batch)
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
}
