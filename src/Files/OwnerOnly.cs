using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

#if IMAGING
namespace MLNetExtensions.Imaging.Files;

#else
namespace MLNetExtensions.Onnx.Files;

#endif

/// <summary>
/// Files and folders that, on Unix, only their owner can read and write: what is temporary and what is cached may show what the user's
/// images show. On Windows they have the rights of the folder that they lie in, which in a user's own folders are the same.
/// </summary>
internal static class OwnerOnly
{
    private const UnixFileMode FileRights = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        FolderRights = FileRights | UnixFileMode.UserExecute;

    /// <summary>Opens a file for reading and writing, by this process alone; one that is made is its owner's.</summary>
    /// <exception cref="IOException">Another process has it open (<see cref="FileInUse"/>), or it cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not write there.</exception>
    // A handle alone cannot be opened with rights. The stream around it has no buffer, and does not close it when it is collected.
    public static SafeFileHandle OpenOrCreate(string path) =>
        new FileStream(path, Options(FileMode.OpenOrCreate, FileAccess.ReadWrite)).SafeFileHandle;

    /// <summary>Makes an empty file.</summary>
    /// <exception cref="IOException">There is one, or it cannot be made.</exception>
    public static void CreateFile(string path) => new FileStream(path, Options(FileMode.CreateNew, FileAccess.Write)).Dispose();

    /// <summary>Makes a folder, and those above it; one that is there stays as it is.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, FolderRights);
    }

    /// <summary>Gives what was its owner's the rights that its place gives: those of the entry that it replaces, or of a new one.</summary>
    public static void Release(string path, string target)
    {
        if (OperatingSystem.IsWindows())
            return;
        if (Directory.Exists(path))
            File.SetUnixFileMode(path, Directory.Exists(target) ? File.GetUnixFileMode(target) : NewFolder(path));
        else
            File.SetUnixFileMode(path, File.Exists(target) ? File.GetUnixFileMode(target) : NewFile(path));
    }

    /// <summary>The options that open a file for this process alone, and make it its owner's.</summary>
    public static FileStreamOptions Options(FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = access,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = FileRights;
        return options;
    }

    // What a new entry gets follows from the process's mask and the folder's own rules: made once, it tells.
    [UnsupportedOSPlatform("windows")]
    private static UnixFileMode NewFile(string beside)
    {
        string probe = TemporaryName.In(Path.GetDirectoryName(beside)!);
        File.OpenHandle(probe, FileMode.CreateNew, FileAccess.Write).Dispose();
        UnixFileMode mode = File.GetUnixFileMode(probe);
        File.Delete(probe);
        return mode;
    }

    [UnsupportedOSPlatform("windows")]
    private static UnixFileMode NewFolder(string beside)
    {
        string probe = TemporaryName.In(Path.GetDirectoryName(beside)!);
        Directory.CreateDirectory(probe);
        UnixFileMode mode = File.GetUnixFileMode(probe);
        Directory.Delete(probe);
        return mode;
    }
}
