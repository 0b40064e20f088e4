using System.Runtime.InteropServices;

namespace MLNetExtensions.TorchSharp.Native;

/// <summary>
/// The time that libtorch's threads (GNU OpenMP) wait actively for their next piece of work. By default it is milliseconds, hundreds of
/// times per step. If other work needs the processor (decoding the next batch's images, or another program), the waiting threads take it
/// from those that compute, and a step takes ten times as long. A short wait bridges the gaps within a step as well.
/// </summary>
internal static unsafe class OpenMpWait
{
    /// <summary>
    /// Makes the wait some tens of microseconds, unless the user's environment says how long. It must run before libtorch is loaded: OpenMP
    /// reads its variables then.
    /// </summary>
    public static void Shorten()
    {
        if (
            !OperatingSystem.IsLinux()
            || Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is not null
            || Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is not null
        )
            return;
        // .NET's own SetEnvironmentVariable changes a copy that native code does not see.
        if (NativeLibrary.TryLoad("libc.so.6", out IntPtr library) && NativeLibrary.TryGetExport(library, "setenv", out IntPtr setenv))
            fixed (
                byte* name = "GOMP_SPINCOUNT\0"u8,
                    value = "1000\0"u8
            )
                _ = ((delegate* unmanaged<byte*, byte*, int, int>)setenv)(name, value, 0);
    }
}
