using MLNetExtensions.Sessions;

namespace MLNetExtensions.TorchSharp.Native;

/// <summary>
/// The time that libtorch's threads (GNU OpenMP) wait actively for their next piece of work. By default it is milliseconds, hundreds of
/// times per step. If other work needs the processor (decoding the next batch's images, or another program), the waiting threads take it
/// from those that compute, and a step takes ten times as long. A short wait bridges the gaps within a step as well.
/// </summary>
internal static class OpenMpWait
{
    /// <summary>
    /// Makes the wait some tens of microseconds, unless the user's environment says how long. It must run before libtorch is loaded: OpenMP
    /// reads its variables then.
    /// </summary>
    public static void Shorten()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
            NativeEnvironment.SetDefault("GOMP_SPINCOUNT", "1000");
    }
}
