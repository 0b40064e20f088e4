using System.Buffers;
using MLNetExtensions.Faults.Fuzzing;

namespace MLNetExtensions.Faults.Callers;

/// <summary>Memory that is lent to a request. Once it is taken back it cannot be touched: a read of it ends the process.</summary>
internal sealed class LentMemory(int capacity) : MemoryManager<byte>
{
    private readonly GuardedMemory _memory = new(capacity);
    private int _length;

    public Memory<byte> Lend(ReadOnlySpan<byte> bytes)
    {
        _memory.Open();
        _length = bytes.Length;
        bytes.CopyTo(_memory.Take(_length));
        return CreateMemory(_length);
    }

    public void TakeBack() => _memory.Close();

    public override Span<byte> GetSpan() => _memory.Take(_length);

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

    public override void Unpin() { }

    protected override void Dispose(bool disposing) { }
}
