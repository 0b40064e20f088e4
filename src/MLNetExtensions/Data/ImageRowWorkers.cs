using System.Runtime.ExceptionServices;

namespace MLNetExtensions.Data;

/// <summary>
/// Threads that take turns at a cursor and decode side by side. Row i travels in slot i modulo the number of slots, so the order is the
/// cursor's whatever the threads do, and no more pictures exist than there are slots.
/// </summary>
internal sealed class ImageRowWorkers : IDisposable
{
    private readonly RowSlot[] _slots;
    private readonly SemaphoreSlim _free;
    private readonly Lock _turn = new();
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenSource _stop;
    private readonly ImageRowCursor _cursor;
    private readonly Thread[] _threads;
    private long _nextToRead;
    private long _nextToTake;
    private bool _ended;

    public ImageRowWorkers(Func<ImageRowCursor> openCursor, ImageDecoder decoder, int threads, int slots, CancellationToken cancellation, int labelWidth = 0)
    {
        _cursor = openCursor();
        _cancellation = cancellation;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _slots = [.. Enumerable.Range(0, slots).Select(_ => new RowSlot(decoder.CanvasBytes, labelWidth))];
        _free = new SemaphoreSlim(slots);
        _threads = [.. Enumerable.Range(0, threads).Select(i => new Thread(Work) { IsBackground = true, Name = $"image decoder {i}" })];
        foreach (Thread thread in _threads)
            thread.Start();
    }

    /// <summary>Waits for the next row. The slot is the caller's until <see cref="Release"/>.</summary>
    /// <returns>Null at the end.</returns>
    public RowSlot? Next()
    {
        RowSlot slot = _slots[_nextToTake++ % _slots.Length];
        slot.Done.Wait(_cancellation);
        _cancellation.ThrowIfCancellationRequested();
        if (slot.Failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
        return slot.IsEnd ? null : slot;
    }

    public void Release(RowSlot slot)
    {
        slot.Done.Reset();
        _free.Release();
    }

    /// <summary>Stops the threads, waits for the pictures that are being decoded, and closes the cursor.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        foreach (Thread thread in _threads)
            thread.Join();
        _cursor.Dispose();
        foreach (RowSlot slot in _slots)
            slot.Dispose();
        _free.Dispose();
        _stop.Dispose();
    }

    private void Work()
    {
        try
        {
            while (ReadNext() is RowSlot slot)
            {
                if (slot.Bad is null)
                    Decode(slot);
                slot.Done.Set();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The consumer has left or been told by its own wait.
        }
    }

    private RowSlot? ReadNext()
    {
        lock (_turn)
        {
            if (_ended)
                return null;
            _free.Wait(_stop.Token);
            RowSlot slot = _slots[_nextToRead % _slots.Length];
            slot.Row = _nextToRead++;
            slot.Label = -1;
            slot.Bad = null;
            slot.Key = null;
            try
            {
                if (_cursor.Read(slot))
                    return slot;
                slot.IsEnd = true;
            }
            catch (BadImageException bad)
            {
                slot.Bad = bad;
                return slot;
            }
            catch (Exception e)
            {
                slot.Failure = e;
            }
            _ended = true;
            slot.Done.Set();
            return null;
        }
    }

    private void Decode(RowSlot slot)
    {
        try
        {
            _cursor.Images.Decode(slot);
        }
        catch (BadImageException bad)
        {
            slot.Bad = bad;
        }
        catch (Exception e)
        {
            slot.Failure = new InvalidOperationException($"Decoding the picture of row {slot.Row} failed ({slot.Path}): {e.Message}", e);
        }
    }
}
