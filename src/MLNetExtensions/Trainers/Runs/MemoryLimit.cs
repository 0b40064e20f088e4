using System.Globalization;

namespace MLNetExtensions.Trainers.Runs;

/// <summary>The memory that this process may have.</summary>
/// <param name="Total">The limit in bytes: of the process, its container or the machine.</param>
/// <param name="Free">What is left of it now, in bytes.</param>
internal readonly record struct MemoryLimit(long Total, long Free)
{
    /// <summary>The part of a container's memory that .NET's collector takes where nothing else is set.</summary>
    private const double CollectorsPart = 0.75;

    /// <summary>That of this process.</summary>
    public static MemoryLimit Current()
    {
        long total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        // Native memory, where networks are trained, may have all of a container's.
        if (ControlGroup.MemoryLimit() is { } limit && Math.Abs(total - (CollectorsPart * limit)) < 0.01 * limit)
            total = limit;
        long free = Math.Max(0, total - Environment.WorkingSet);
        return new MemoryLimit(total, Math.Min(free, FreeOfMachine() ?? free));
    }

    /// <summary>What other processes leave, with what the system keeps of files in memory; null where it does not say.</summary>
    private static long? FreeOfMachine()
    {
        const string Key = "MemAvailable:";
        string? line = ControlGroup.Text("/proc/meminfo")?.Split('\n').FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal));
        return
            line is not null
            && long.TryParse(line.AsSpan(Key.Length).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture, out long kilobytes)
            ? kilobytes << 10
            : null;
    }
}
