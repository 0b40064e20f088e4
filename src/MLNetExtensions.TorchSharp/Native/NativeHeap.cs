using System.Runtime.InteropServices;

namespace MLNetExtensions.TorchSharp.Native;

/// <summary>
/// While a session lives, glibc's malloc keeps freed memory: a training step frees and asks for the same large blocks again and again, and handing them back
/// to the system each time costs page faults (a third of a small network's step). When the last session ends, its defaults return and
/// the memory goes back. Elsewhere than on glibc nothing is changed.
/// </summary>
internal sealed unsafe class NativeHeap : IDisposable
{
    private const int TrimThreshold = -1, MapThreshold = -3;
    private const int DefaultTrimThreshold = 128 * 1024, DefaultMapThreshold = 128 * 1024;

    // The largest that glibc takes. Beyond it a block's page faults are little beside the work that fills it, and among smaller blocks it leaves holes that
    // cost more memory than it has itself.
    private const int LargestKept = 32 << 20;

    private static readonly Lock Gate = new();
    private static readonly (IntPtr SetOption, IntPtr Trim) Malloc = FindMalloc();
    private static int _sessions;
    private bool _isDisposed;

    /// <summary>Starts keeping freed memory, until this is disposed.</summary>
    public NativeHeap()
    {
        lock (Gate)
        {
            if (_sessions++ == 0)
                Set(int.MaxValue, LargestKept);
        }
    }

    /// <summary>Whether this process has glibc's malloc.</summary>
    public static bool IsSupported => Malloc.SetOption != IntPtr.Zero;

    public void Dispose()
    {
        lock (Gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            if (--_sessions > 0 || !IsSupported)
                return;
            Set(DefaultTrimThreshold, DefaultMapThreshold);
            ((delegate* unmanaged<nuint, int>)Malloc.Trim)(0);
        }
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
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out IntPtr library)
        && NativeLibrary.TryGetExport(library, "mallopt", out IntPtr setOption) && NativeLibrary.TryGetExport(library, "malloc_trim", out IntPtr trim)
            ? (setOption, trim)
            : default;
}
