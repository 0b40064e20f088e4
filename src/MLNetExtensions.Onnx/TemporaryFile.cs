using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace MLNetExtensions.Onnx;

/// <summary>
/// A file that is gone when disposed: written whole and then moved into place, or read by somebody else in between. Its name says which
/// process it belongs to, so that whoever makes the next one in the same place deletes what killed processes left there.
/// </summary>
internal sealed partial class TemporaryFile : IDisposable
{
    // Process numbers are of one machine and, in containers, of one namespace: others' files in a shared folder are theirs.
    private static readonly string Place = Convert.ToHexStringLower(
        SHA256.HashData(
            Encoding.UTF8.GetBytes(
                Environment.MachineName + (OperatingSystem.IsLinux() ? new FileInfo("/proc/self/ns/pid").LinkTarget : "")
            )
        )
    )[..8];

    private TemporaryFile(string path) => Path = path;

    /// <summary>The file, which nothing has made yet.</summary>
    public string Path { get; }

    /// <summary>A file beside the one that it will become.</summary>
    public static TemporaryFile Beside(string path) =>
        In(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, System.IO.Path.GetFileName(path));

    /// <summary>A file in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The beginning of the file's name; files with the same beginning are swept together.</param>
    public static TemporaryFile In(string folder, string name)
    {
        Sweep(folder, name);
        return new TemporaryFile(System.IO.Path.Combine(folder, $"{name}.{Place}-{Environment.ProcessId}-{Guid.NewGuid():N}.tmp"));
    }

    /// <summary>Writes a file whole, and then gives it its name.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="write">Writes the file of the path that it is given.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not write there.</exception>
    public static void Write(string path, Action<string> write)
    {
        path = System.IO.Path.GetFullPath(path);
        string folder = System.IO.Path.GetDirectoryName(path) ?? path;
        if (Directory.Exists(path))
            throw new UnauthorizedAccessException($"'{path}' is a folder. Give the path of a file.");
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"'{path}' cannot be written: there is no folder '{folder}'. Make it first.");
        using TemporaryFile temporary = Beside(path);
        try
        {
            write(temporary.Path);
            temporary.MoveTo(path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnauthorizedAccessException(
                $"'{path}' cannot be written: this process may not write to the folder '{folder}', or over the file. Choose another path.",
                e
            );
        }
        catch (IOException e) when (e is not FileNotFoundException)
        {
            throw new IOException($"'{path}' cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Gives the written file its name, in place of one that has it.</summary>
    public void MoveTo(string path) => File.Move(Path, path, overwrite: true);

    public void Dispose()
    {
        // A folder that was never made holds no file.
        if (File.Exists(Path))
            File.Delete(Path);
    }

    private static void Sweep(string folder, string name)
    {
        if (!Directory.Exists(folder))
            return;
        try
        {
            foreach (string file in Directory.EnumerateFiles(folder, "*.tmp"))
                if (IsLeftOver(System.IO.Path.GetFileName(file), name, file))
                    File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process sweeps too, or may do what this one may not. What is written now does not depend on it.
        }
    }

    private static bool IsLeftOver(string fileName, string name, string file)
    {
        if (
            !fileName.StartsWith(name + ".", StringComparison.Ordinal)
            || Owner().Match(fileName, name.Length) is not { Success: true } owner
            || owner.Groups["place"].Value != Place
        )
            return false;
        try
        {
            using var process = Process.GetProcessById(int.Parse(owner.Groups["process"].ValueSpan, CultureInfo.InvariantCulture));
            // A number is given again; clocks of file systems are seconds apart at most.
            return process.StartTime.ToUniversalTime() > File.GetLastWriteTimeUtc(file).AddMinutes(1);
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has just ended, or is not ours to look at: the next sweep decides.
            return false;
        }
    }

    // More than once where a temporary file is itself written whole.
    [GeneratedRegex(
        @"\G(\.(?<place>[0-9a-f]{8})-(?<process>[0-9]{1,9})-[0-9a-f]{32}\.tmp)+$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Owner();
}
