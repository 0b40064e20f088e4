using System.Runtime.InteropServices;

namespace MLNetExtensions.TorchSharp.Native;

/// <summary>
/// While a session lives, glibc's malloc keeps freed memory: a training step frees and asks for the same large blocks again and again, and
/// handing them back to the system each time costs page faults (a third of a small network's step). Where a step takes much memory, its
/// larger blocks are handed back all the same: libtorch asks for aligned blocks, which glibc (before 2.38) does not make of a freed block
/// of the same size, so that kept ones leave holes as large as themselves. When the last session ends, its defaults return and the memory
/// goes back. Elsewhere than on glibc nothing is changed.
/// </summary>
internal sealed unsafe class NativeHeap : IDisposable
{
    private const int TrimThreshold = -1,
        MapThreshold = -3;
    private const int DefaultTrimThreshold = 128 * 1024,
        DefaultMapThreshold = 128 * 1024;

    // The largest that glibc takes. Beyond it a block's page faults are little beside the work that fills it.
    private const int LargestKeptOfSmallSteps = 32 << 20;

    // Smaller blocks are a small part of a large step.
    private const int LargestKeptOfLargeSteps = 4 << 20;

    // Holes of a step below this are at most as much again.
    private const long LargeStep = 256 << 20;

    private static readonly Lock Gate = new();
    private static readonly (IntPtr SetOption, IntPtr Trim) Malloc = FindMalloc();
    private static int _sessions,
        _largeSessions;
    private bool _isLarge,
        _isDisposed;

    /// <summary>Starts keeping freed memory, until this is disposed.</summary>
    public NativeHeap()
    {
        lock (Gate)
        {
            _sessions++;
            Set();
        }
    }

    /// <summary>True if this process uses glibc's malloc.</summary>
    public static bool IsSupported => Malloc.SetOption != IntPtr.Zero;

    /// <summary>The size in bytes up to which freed blocks are kept while there are sessions.</summary>
    public static int LargestKept => _largeSessions > 0 ? LargestKeptOfLargeSteps : LargestKeptOfSmallSteps;

    /// <summary>Sets the memory that the values of one forward pass take in total. The largest number set is used.</summary>
    public void Expect(long bytes)
    {
        lock (Gate)
        {
            if (bytes < LargeStep || _isLarge || _isDisposed)
                return;
            _isLarge = true;
            _largeSessions++;
            Set();
        }
    }

    public void Dispose()
    {
        lock (Gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _sessions--;
            if (_isLarge)
                _largeSessions--;
            Set();
            if (_sessions == 0 && IsSupported)
                ((delegate* unmanaged<nuint, int>)Malloc.Trim)(0);
        }
    }

    private static void Set()
    {
        if (_sessions == 0)
            Set(DefaultTrimThreshold, DefaultMapThreshold);
        else
            Set(int.MaxValue, LargestKept);
    }

    private static void Set(int trimThreshold, int mapThreshold)
    {
        if (!IsSupported)
            return;
        var setOption = (delegate* unmanaged<int, int, int>)Malloc.SetOption;
        _ = setOption(TrimThreshold, trimThreshold);
        _ = setOption(MapThreshold, mapThreshold);
    }

    private static (IntPtr, IntPtr) FindMalloc() =>
        OperatingSystem.IsLinux()
        && NativeLibrary.TryLoad("libc.so.6", out IntPtr library)
        && NativeLibrary.TryGetExport(library, "mallopt", out IntPtr setOption)
        && NativeLibrary.TryGetExport(library, "malloc_trim", out IntPtr trim)
            ? (setOption, trim)
            : default;
}
