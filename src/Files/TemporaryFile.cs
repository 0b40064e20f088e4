using System.Text;
using Microsoft.Win32.SafeHandles;

#if IMAGING
namespace MLNetExtensions.Imaging.Files;

#else
namespace MLNetExtensions.Onnx.Files;

#endif

/// <summary>
/// A file that is gone when disposed: written whole and then moved into place, or read by somebody else in between. It is there from the
/// beginning, empty and its owner's alone; what a killed process leaves is deleted by the next that writes into the same folder.
/// </summary>
/// <remarks>
/// These sources are compiled into MLNetExtensions.Onnx and MLNetExtensions.Imaging, which do not know each other and which an application
/// can have alone: an assembly of their own would be one more package for a few lines. All others use those of MLNetExtensions.Onnx.
/// </remarks>
internal sealed class TemporaryFile : IDisposable
{
    private readonly string? _target;

    private TemporaryFile(string path, string? target) => (Path, _target) = (path, target);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>A file beside the one that it will become, on the same disk. Of a link, beside the file that it leads to.</summary>
    public static TemporaryFile Beside(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        if (new FileInfo(path) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is { } target)
            path = target.FullName;
        return IsDevice(path) ? new TemporaryFile(path, path) : new TemporaryFile(Create(System.IO.Path.GetDirectoryName(path)!), path);
    }

    /// <summary>A file in a folder, to be read by somebody else.</summary>
    public static TemporaryFile In(string folder) => new(Create(folder), null);

    /// <summary>Writes a file whole, brings it to the disk, and then gives it its name.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="write">Writes the file of the path that it is given, which is there and empty.</param>
    /// <exception cref="IOException">It cannot be written; what was there is as it was. The message says what to do.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not write there.</exception>
    public static void Write(string path, Action<string> write) => Write(path, write, toDisk: true);

    /// <summary>Writes a file whole, and then gives it its name.</summary>
    /// <remarks>It outlives the process, not always the machine: waiting for the disk would be most of the time of a small file.</remarks>
    public static void Write(string path, byte[] content) => Write(path, file => File.WriteAllBytes(file, content), toDisk: false);

    /// <summary>Writes a text in UTF-8 whole, and then gives it its name.</summary>
    public static void Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content));

    /// <summary>Gives the written file its name, in place of one that has it, and the rights of a file there.</summary>
    public void Complete()
    {
        if (_target is null || Path == _target)
            return;
        OwnerOnly.Release(Path, _target);
        File.Move(Path, _target, overwrite: true);
    }

    public void Dispose()
    {
        if (Path != _target)
            TemporaryName.Delete(Path);
    }

    private static string Create(string folder)
    {
        string path = TemporaryName.In(folder);
        OwnerOnly.CreateFile(path);
        return path;
    }

    private static void Write(string path, Action<string> write, bool toDisk)
    {
        path = System.IO.Path.GetFullPath(path);
        if (Directory.Exists(path))
            throw new UnauthorizedAccessException($"'{path}' is a folder. Give the path of a file.");
        try
        {
            using TemporaryFile temporary = Beside(path);
            write(temporary.Path);
            if (toDisk)
                Flush(temporary.Path);
            temporary.Complete();
        }
        catch (Exception e) when (WriteProblem.Is(e))
        {
            throw WriteProblem.Of(path, e);
        }
    }

    // The standard output, or the file that swallows everything, is written to; beside it, or in its place, there can be no file.
    private static bool IsDevice(string path) =>
        !OperatingSystem.IsWindows()
        && (path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal));

    private static void Flush(string path)
    {
        if (IsDevice(path))
            return;
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        RandomAccess.FlushToDisk(file);
    }
}
