using System.Buffers;
using System.Runtime.InteropServices;

namespace MLNetExtensions.Onnx;

/// <summary>
/// Bytes that are made when they are first read: a tensor that a file does not store but describes takes no memory until it is used.
/// </summary>
/// <param name="length">The number of bytes.</param>
/// <param name="fill">Fills them; they are zeros before.</param>
internal sealed class DeferredBytes(int length, Action<byte[]> fill) : MemoryManager<byte>
{
    private byte[]? _made;

    public override Memory<byte> Memory => CreateMemory(length);

    public override Span<byte> GetSpan() => Make();

    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        var handle = GCHandle.Alloc(Make(), GCHandleType.Pinned);
        return new MemoryHandle((byte*)handle.AddrOfPinnedObject() + elementIndex, handle, this);
    }

    public override void Unpin() { }

    protected override void Dispose(bool disposing) { }

    private byte[] Make()
    {
        if (Volatile.Read(ref _made) is { } there)
            return there;
        var made = new byte[length];
        fill(made);
        // Two threads may make the same; one of both is kept.
        return Interlocked.CompareExchange(ref _made, made, null) ?? made;
    }
}
