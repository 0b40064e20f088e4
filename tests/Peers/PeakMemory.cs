using System.Globalization;

namespace MLNetExtensions.Peers;

/// <summary>The resident memory of this process, as Linux counts it.</summary>
internal static class PeakMemory
{
    /// <summary>MiB resident now.</summary>
    public static double Now => Read("VmRSS:");

    /// <summary>The most MiB that were resident at once since <see cref="Reset"/>.</summary>
    public static double Peak => Read("VmHWM:");

    /// <summary>Begins to count anew.</summary>
    public static void Reset() => File.WriteAllText("/proc/self/clear_refs", "5");

    private static double Read(string key) =>
        double.Parse(
            File.ReadLines("/proc/self/status")
                .First(line => line.StartsWith(key, StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
            CultureInfo.InvariantCulture
        ) / 1024;
}
