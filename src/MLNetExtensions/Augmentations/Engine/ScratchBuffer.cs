namespace MLNetExtensions.Augmentations.Engine;

/// <summary>Pinned memory that grows to the largest size asked for and is then reused.</summary>
internal sealed class ScratchBuffer
{
    private byte[] _bytes = [];

    /// <summary>Memory of at least this size; its content is undefined after it grew.</summary>
    public Span<byte> Reserve(int bytes)
    {
        if (_bytes.Length < bytes)
        {
            _bytes = []; // lets the collector have the old one first
            _bytes = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
        }
        return _bytes.AsSpan(0, bytes);
    }
}
