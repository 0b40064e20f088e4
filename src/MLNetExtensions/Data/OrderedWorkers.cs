namespace MLNetExtensions.Data;

/// <summary>
/// Threads that take turns at a source and then work side by side. Item i travels in slot i modulo the number of slots, so the order is the
/// source's whatever the threads do, and no more items exist than there are slots.
/// </summary>
/// <param name="slots">The slots; disposed with this.</param>
/// <param name="cancellation">Ends the work, and the consumer's waiting.</param>
internal abstract class OrderedWorkers<TSlot>(TSlot[] slots, CancellationToken cancellation) : IDisposable
    where TSlot : class, IWorkSlot
{
    private readonly SemaphoreSlim _free = new(slots.Length);
    private readonly Lock _turn = new();
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    private Thread[] _threads = [];
    private long _nextToRead;
    private long _nextToTake;
    private bool _ended;

    /// <summary>Waits for the next item. The slot is the caller's until <see cref="Release"/>.</summary>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    protected TSlot Take()
    {
        TSlot slot = slots[_nextToTake++ % slots.Length];
        slot.Done.Wait(cancellation);
        cancellation.ThrowIfCancellationRequested();
        return slot;
    }

    public void Release(TSlot slot)
    {
        slot.Done.Reset();
        _free.Release();
    }

    /// <summary>Stops the threads and waits for the items that are being worked on.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        foreach (Thread thread in _threads)
            thread.Join();
        CloseSource();
        foreach (TSlot slot in slots)
            slot.Dispose();
        _free.Dispose();
        _stop.Dispose();
    }

    /// <summary>Starts the threads; the last thing that a constructor does.</summary>
    protected void Start(int threads, string name)
    {
        _threads = [.. Enumerable.Range(0, threads).Select(i => new Thread(Run) { IsBackground = true, Name = $"{name} {i}" })];
        foreach (Thread thread in _threads)
            thread.Start();
    }

    /// <summary>Reads an item; called by one thread at a time. Must not throw: the slot holds the error.</summary>
    /// <param name="slot">The slot for the item.</param>
    /// <param name="index">The item, from 0.</param>
    /// <returns>True if there may be another one after it.</returns>
    protected abstract bool Read(TSlot slot, long index);

    /// <summary>Finishes an item; called by several threads at once. Must not throw: the slot holds the error.</summary>
    protected abstract void Work(TSlot slot);

    /// <summary>Closes the source; no thread reads any more.</summary>
    protected abstract void CloseSource();

    private void Run()
    {
        try
        {
            while (Next() is TSlot slot)
            {
                Work(slot);
                slot.Done.Set();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The consumer has left or been told by its own wait.
        }
    }

    private TSlot? Next()
    {
        lock (_turn)
        {
            if (_ended)
                return null;
            _free.Wait(_stop.Token);
            TSlot slot = slots[_nextToRead % slots.Length];
            _ended = !Read(slot, _nextToRead++);
            return slot;
        }
    }
}
