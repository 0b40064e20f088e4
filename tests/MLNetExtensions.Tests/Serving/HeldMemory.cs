using System.Buffers;
using Xunit;

namespace MLNetExtensions.Tests.Serving;

/// <summary>Memory whose reader waits until a test lets it go on.</summary>
internal sealed class HeldMemory(byte[] bytes) : MemoryManager<byte>
{
    private readonly ManualResetEventSlim _reading = new(),
        _going = new();

    public override Memory<byte> Memory => CreateMemory(bytes.Length);

    public void WaitForReader() => Assert.True(_reading.Wait(TimeSpan.FromSeconds(60)), "Nobody reads the memory.");

    public void LetRead() => _going.Set();

    public override Span<byte> GetSpan()
    {
        _reading.Set();
        _going.Wait(TimeSpan.FromSeconds(60));
        return bytes;
    }

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

    public override void Unpin() { }

    protected override void Dispose(bool disposing)
    {
        _reading.Dispose();
        _going.Dispose();
    }
}
