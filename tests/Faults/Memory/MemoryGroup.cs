using System.Globalization;

namespace MLNetExtensions.Faults.Memory;

/// <summary>A control group of Linux whose processes may have so much memory together; what takes more is ended by the system.</summary>
internal sealed class MemoryGroup : IDisposable
{
    private const string First = "/sys/fs/cgroup/memory",
        Second = "/sys/fs/cgroup";

    private readonly string _folder;

    private MemoryGroup(string folder) => _folder = folder;

    /// <summary>A command of the shell that puts it into the group.</summary>
    public string Enter => $"echo $$ > {_folder}/cgroup.procs";

    /// <summary>Makes a group.</summary>
    /// <param name="bytes">The limit.</param>
    /// <returns>Null where this user may make none.</returns>
    public static MemoryGroup? TryCreate(long bytes)
    {
        bool isFirst = Directory.Exists(First);
        string folder = $"{(isFirst ? First : Second)}/mlnetextensions-{Environment.ProcessId}";
        string text = bytes.ToString(CultureInfo.InvariantCulture);
        try
        {
            Directory.CreateDirectory(folder);
            var group = new MemoryGroup(folder);
            group.Write(isFirst ? "memory.limit_in_bytes" : "memory.max", text);
            // Swapped is not more memory.
            if (isFirst && File.Exists(Path.Combine(folder, "memory.memsw.limit_in_bytes")))
                group.Write("memory.memsw.limit_in_bytes", text);
            else if (!isFirst)
                group.Write("memory.swap.max", "0");
            return group;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder);
            return null;
        }
    }

    public void Dispose() => Directory.Delete(_folder);

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);
}
