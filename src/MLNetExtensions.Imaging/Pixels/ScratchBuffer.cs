namespace MLNetExtensions.Imaging.Pixels;

/// <summary>Pinned memory that grows with the largest size asked for and is reused.</summary>
internal sealed class ScratchBuffer
{
    private const long MostSpare = 16 << 20;

    private byte[] _bytes = [];

    /// <summary>Memory of at least this size; its content is undefined after it grew.</summary>
    public Span<byte> Reserve(int bytes)
    {
        if (_bytes.Length < bytes)
        {
            _bytes = []; // lets the collector have the old one first
            // With room to spare, so that slowly growing sizes do not allocate each time.
            _bytes = GC.AllocateUninitializedArray<byte>(
                (int)Math.Min(bytes + Math.Min(bytes / 2L, MostSpare), Array.MaxLength),
                pinned: true
            );
        }
        return _bytes.AsSpan(0, bytes);
    }

    /// <summary>Gives memory of more bytes back to the collector.</summary>
    public void DropAbove(int bytes)
    {
        if (_bytes.Length > bytes)
            Drop();
    }

    /// <summary>Gives the memory back to the collector.</summary>
    public void Drop() => _bytes = [];
}
