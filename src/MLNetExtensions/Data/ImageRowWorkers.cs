using System.Runtime.ExceptionServices;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Data;

/// <summary>Threads that read the rows of a cursor in turn and decode their images side by side.</summary>
internal sealed class ImageRowWorkers : OrderedWorkers<RowSlot>
{
    private readonly ImageRowCursor _cursor;
    private readonly Func<long, bool>? _readsImage;

    public ImageRowWorkers(
        Func<ImageRowCursor> openCursor,
        ImageDecoder decoder,
        int threads,
        int slots,
        CancellationToken cancellation,
        int labelWidth = 0,
        Func<long, bool>? readsImage = null
    )
        : base([.. Enumerable.Range(0, slots).Select(_ => new RowSlot(decoder.CanvasBytes, labelWidth))], cancellation)
    {
        _readsImage = readsImage;
        _cursor = openCursor();
        Start(threads, "image decoder");
    }

    /// <summary>Waits for the next row. The slot is the caller's until <see cref="OrderedWorkers{T}.Release"/>.</summary>
    /// <returns>Null at the end.</returns>
    public RowSlot? Next()
    {
        RowSlot slot = Take();
        if (slot.Failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
        return slot.IsEnd ? null : slot;
    }

    protected override bool Read(RowSlot slot, long index)
    {
        slot.Row = index;
        slot.HasImage = _readsImage?.Invoke(index) ?? true;
        slot.Label = -1;
        slot.Bad = null;
        slot.Key = null;
        try
        {
            slot.IsEnd = !_cursor.Read(slot);
            return !slot.IsEnd;
        }
        catch (InvalidImageException bad)
        {
            slot.Bad = bad;
            return true;
        }
        catch (Exception e)
        {
            slot.Failure = e;
            return false;
        }
    }

    protected override void Work(RowSlot slot)
    {
        if (slot.IsEnd || !slot.HasImage || slot.Bad is not null || slot.Failure is not null)
            return;
        try
        {
            _cursor.Images.Decode(slot);
        }
        catch (InvalidImageException bad)
        {
            slot.Bad = bad;
        }
        catch (Exception e)
        {
            slot.Failure = new InvalidOperationException($"Decoding the image of row {slot.Row} failed ({slot.Path}): {e.Message}", e);
        }
    }

    protected override void CloseSource() => _cursor.Dispose();
}
