using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MLNetExtensions.Tool.Tests.Doctor;

/// <summary>The tool in an environment that something is wrong with.</summary>
internal sealed class FaultyTool : IDisposable
{
    // Beside the tool, so that files of hundreds of megabytes can be linked.
    private readonly string _folder = Directory
        .CreateDirectory(Path.Combine(AppContext.BaseDirectory, "faults", Guid.NewGuid().ToString("N")))
        .FullName;

    private string _program = ToolProcess.Program;
    private string? _mounted;

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public List<string> Arguments { get; } = ["doctor"];

    /// <summary>A folder of this tool's own.</summary>
    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    /// <summary>A folder with the files of libtorch.</summary>
    public string LinkLibtorch()
    {
        string folder = Folder("libtorch");
        foreach (string file in Directory.GetFiles(Natives))
            Run("cp", "-l", file, folder);
        return folder;
    }

    /// <summary>Runs a copy of the tool with a native file taken from another, or removed.</summary>
    public void ReplaceNative(string name, string? by)
    {
        string tool = Folder("tool");
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory))
            Run("cp", "-l", file, tool);
        string natives = Folder(Path.Combine("tool", "runtimes", RuntimeInformation.RuntimeIdentifier, "native"));
        foreach (string file in Directory.GetFiles(Natives))
            Run("cp", "-l", file, natives);
        File.Delete(Path.Combine(natives, name));
        if (by is not null)
            Run("cp", Path.Combine(Natives, by), Path.Combine(natives, name));
        _program = Path.Combine(tool, "mlnetx.dll");
    }

    /// <summary>A file system of some megabytes.</summary>
    public string SmallDisk()
    {
        string folder = Folder("disk");
        Run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder);
        _mounted = folder;
        return folder;
    }

    public Process Start()
    {
        var start = new ProcessStartInfo("dotnet", [_program, .. Arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder("work"),
        };
        foreach ((string name, string value) in Environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public void Dispose()
    {
        if (_mounted is not null)
            Run("umount", _mounted);
        Directory.Delete(_folder, recursive: true);
    }

    private static string Natives { get; } =
        Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}");
    }
}
