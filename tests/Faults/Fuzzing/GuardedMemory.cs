using System.Runtime.InteropServices;

namespace MLNetExtensions.Faults.Fuzzing;

/// <summary>
/// Memory whose last byte lies before a page that cannot be touched, and whose first page lies behind one: a read or a write outside ends the
/// process. Linux only; elsewhere it is memory like any other.
/// </summary>
internal sealed unsafe partial class GuardedMemory
{
    private const int ReadAndWrite = 3,
        PrivateAndAnonymous = 0x22;

    private readonly byte* _end;
    private readonly int _capacity;

    /// <param name="capacity">The most bytes that are asked for.</param>
    public GuardedMemory(int capacity)
    {
        int page = Environment.SystemPageSize;
        _capacity = (capacity + page - 1) / page * page;
        if (!OperatingSystem.IsLinux())
        {
            _end = (byte*)NativeMemory.Alloc((nuint)_capacity) + _capacity;
            return;
        }
        nint memory = Map(0, (nuint)(_capacity + (2 * page)), ReadAndWrite, PrivateAndAnonymous, -1, 0);
        if (memory == -1 || Protect(memory, (nuint)page, 0) != 0 || Protect(memory + page + _capacity, (nuint)page, 0) != 0)
            throw new InvalidOperationException($"No guarded memory: error {Marshal.GetLastPInvokeError()}.");
        _end = (byte*)memory + page + _capacity;
    }

    /// <summary>Memory that ends before the page.</summary>
    public Span<byte> Take(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _capacity);
        return new Span<byte>(_end - bytes, bytes);
    }

    /// <summary>Makes the memory one that cannot be touched.</summary>
    public void Close() => Allow(0);

    /// <summary>Makes the memory usable again.</summary>
    public void Open() => Allow(ReadAndWrite);

    private void Allow(int protection)
    {
        if (OperatingSystem.IsLinux() && Protect((nint)(_end - _capacity), (nuint)_capacity, protection) != 0)
            throw new InvalidOperationException($"The memory cannot be protected: error {Marshal.GetLastPInvokeError()}.");
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nuint length, int protection);
}
