using System.Globalization;

namespace MLNetExtensions.Trainers.Runs;

/// <summary>The control group of this process on Linux: a container's, a service's, or one that somebody made.</summary>
internal static class ControlGroup
{
    private const string Root = "/sys/fs/cgroup";

    /// <summary>The bytes that the group's processes may have together: the least of its own limit and those around it; null without
    /// one.</summary>
    public static long? MemoryLimit() => MemoryLimit(Text("/proc/self/cgroup") ?? "", Read);

    /// <summary>The same, of given files.</summary>
    /// <param name="groups">The content of <c>/proc/self/cgroup</c>: a line "number:controllers:path" for each hierarchy.</param>
    /// <param name="read">Reads a number; null where there is no such file, or none in it.</param>
    internal static long? MemoryLimit(string groups, Func<string, long?> read)
    {
        long? least = null;
        foreach (string[] parts in groups.Split('\n').Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3))
        {
            // The second version has one hierarchy, without a name.
            (string folder, string file) = parts[1] switch
            {
                "" => (Root, "memory.max"),
                var controllers when controllers.Split(',').Contains("memory") => ($"{Root}/memory", "memory.limit_in_bytes"),
                _ => ("", ""),
            };
            if (folder.Length == 0)
                continue;
            // In a container the path may be the host's: then there is only the file at the root.
            for (string path = parts[2].TrimEnd('/'); ; path = path[..path.LastIndexOf('/')])
            {
                if (read($"{folder}{path}/{file}") is { } limit && !(least < limit))
                    least = limit;
                if (path.Length == 0)
                    break;
            }
        }
        return least;
    }

    /// <summary>A file's text; null where it cannot be read: what is not known is no reason not to train.</summary>
    public static string? Text(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Without a limit the file says "max".
    private static long? Read(string path) =>
        long.TryParse(Text(path).AsSpan().Trim(), CultureInfo.InvariantCulture, out long bytes) ? bytes : null;
}
