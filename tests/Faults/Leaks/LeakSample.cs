using System.Diagnostics;

namespace MLNetExtensions.Faults.Leaks;

/// <summary>What a process has at a moment.</summary>
/// <param name="Managed">The bytes of live objects.</param>
/// <param name="Resident">The bytes of memory in all.</param>
/// <param name="Handles">The number of open files and the like.</param>
/// <param name="Threads">The number of threads.</param>
internal readonly record struct LeakSample(long Managed, long Resident, int Handles, int Threads)
{
    public static LeakSample Take()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        using var process = Process.GetCurrentProcess();
        return new LeakSample(
            GC.GetTotalMemory(forceFullCollection: true),
            process.WorkingSet64,
            OperatingSystem.IsLinux() ? Directory.GetFiles("/proc/self/fd").Count(IsKept) : process.HandleCount,
            process.Threads.Count
        );
    }

    // .NET opens a library when something of it is used first, and keeps it.
    private static bool IsKept(string handle) => new FileInfo(handle).LinkTarget?.EndsWith(".dll", StringComparison.Ordinal) != true;
}
