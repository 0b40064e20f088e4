using System.Diagnostics;

namespace MLNetExtensions.Faults.Disks;

/// <summary>Something that is wrong with a disk, a folder or the files that a process may have.</summary>
internal abstract class DiskFault
{
    public abstract string Name { get; }

    /// <summary>Why it cannot be had here; null if it can.</summary>
    public virtual string? Obstacle => OperatingSystem.IsLinux() ? null : "it is made with Linux's tools";

    /// <summary>True if errors are ours: not where the runtime cannot load what it needs to say something.</summary>
    public virtual bool HasWords => true;

    /// <summary>The faults.</summary>
    public static IReadOnlyList<DiskFault> All { get; } =
    [
        .. new[] { 60, 80, 100, 120, 150 }.Select(files => new LimitFault($"{files} open files", $"ulimit -n {files}", hasWords: false)),
        .. new[] { 16, 64, 256 }.Select(kilobytes => new LimitFault(
            $"files of {kilobytes} KB at most",
            $"export DOTNET_EnableWriteXorExecute=0; ulimit -f {kilobytes * 2}"
        )),
        .. new[] { 64, 256, 1024 }.Select(kilobytes => new MountFault($"a disk of {kilobytes} KB", $"size={kilobytes}k")),
        new MountFault("a read-only disk", "size=8m", isReadOnly: true),
        new LimitFault("no home", "unset HOME XDG_DATA_HOME XDG_CACHE_HOME"),
        new LimitFault("a home that is a file", "export HOME=/dev/null XDG_DATA_HOME=/dev/null/x XDG_CACHE_HOME=/dev/null/x"),
        new VanishFault(),
    ];

    /// <summary>Prepares the folder that is worked in.</summary>
    public virtual void Begin(string folder) { }

    /// <summary>A command of the shell before the program; empty for none.</summary>
    public virtual string Shell => "";

    /// <summary>What happens while the program works.</summary>
    public virtual void During(string folder) { }

    /// <summary>Takes away what <see cref="Begin"/> made; what is in the folder is still read.</summary>
    public virtual void End(string folder) { }

    /// <summary>Runs a program.</summary>
    /// <returns>True if it succeeded.</returns>
    protected static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
