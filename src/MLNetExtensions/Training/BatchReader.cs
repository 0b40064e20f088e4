namespace MLNetExtensions.Training;

/// <summary>Rows read for one step; the memory is reused for the next batch but one.</summary>
/// <param name="Rows">The indices of the rows.</param>
/// <param name="Inputs">A buffer for each input of the graph.</param>
internal readonly record struct ReadBatch(ReadOnlyMemory<int> Rows, IReadOnlyList<ReadOnlyMemory<float>> Inputs)
{
    public int Count => Rows.Length;
}

/// <summary>Reads rows in batches, one batch ahead of the consumer, into two sets of reused buffers.</summary>
internal sealed class BatchReader : IDisposable
{
    private readonly ITrainingRows _rows;
    private readonly int _batchSize;
    private readonly float[][][] _buffers;
    private ReadOnlyMemory<int> _order;
    private Task<ReadBatch?> _ahead = Task.FromResult<ReadBatch?>(null);
    private int _next;
    private int _turn;

    public BatchReader(ITrainingRows rows, int batchSize)
    {
        _rows = rows;
        _batchSize = batchSize;
        _buffers = [Allocate(), Allocate()];

        float[][] Allocate() => [.. rows.ItemSizes.Select(size => GC.AllocateUninitializedArray<float>(checked(size * batchSize)))];
    }

    /// <summary>Begins a pass over rows in the given order; what was read ahead of an unfinished pass is dropped.</summary>
    public void Start(ReadOnlyMemory<int> order)
    {
        Drain();
        _order = order;
        _next = 0;
        _ahead = Task.Run(Read);
    }

    /// <summary>The next batch, the last one possibly smaller; null after it.</summary>
    public ReadBatch? Next()
    {
        // The training thread has nothing to do before its rows are there.
        ReadBatch? batch = _ahead.GetAwaiter().GetResult();
        _ahead = batch is null ? Task.FromResult<ReadBatch?>(null) : Task.Run(Read);
        return batch;
    }

    public void Dispose() => Drain();

    private ReadBatch? Read()
    {
        int count = Math.Min(_batchSize, _order.Length - _next);
        if (count == 0)
            return null;
        ReadOnlyMemory<int> rows = _order.Slice(_next, count);
        _next += count;
        float[][] buffers = _buffers[_turn];
        _turn ^= 1;
        _rows.Fill(rows.Span, buffers);
        return new ReadBatch(rows, [.. buffers.Select((buffer, i) => (ReadOnlyMemory<float>)buffer.AsMemory(0, count * _rows.ItemSizes[i]))]);
    }

    /// <summary>Waits for the read under way, so that nothing writes into the buffers or rows any more.</summary>
    private void Drain()
    {
        ((IAsyncResult)_ahead).AsyncWaitHandle.WaitOne();
        _ahead = Task.FromResult<ReadBatch?>(null);
    }
}
