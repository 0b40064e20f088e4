using Microsoft.Win32.SafeHandles;

#if IMAGING
namespace MLNetExtensions.Imaging.Files;

#else
namespace MLNetExtensions.Onnx.Files;

#endif

/// <summary>
/// A file that one process, and one place in it, has at a time: a run's claim on a folder. The system ends the claim of a process that is
/// killed. The file is deleted with the lock.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _file;

    private FileLock(string path, SafeFileHandle file) => (_path, _file) = (path, file);

    /// <summary>Takes the lock.</summary>
    /// <param name="path">The file of the lock.</param>
    /// <returns>Null if somebody else has it.</returns>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not write there.</exception>
    public static FileLock? TryTake(string path)
    {
        while (true)
        {
            SafeFileHandle file;
            try
            {
                file = OwnerOnly.OpenOrCreate(path);
            }
            catch (IOException e) when (FileInUse.Is(e))
            {
                return null;
            }
            // Whoever had it may have deleted the file between the opening and the lock: then this is one that nobody else sees.
            // Contents cannot be compared, as reading asks for the lock too; lengths can.
            int length = Random.Shared.Next(1, 1 << 20);
            RandomAccess.SetLength(file, length);
            if (OperatingSystem.IsWindows() || new FileInfo(path) is { Exists: true } found && found.Length == length)
                return new FileLock(path, file);
            file.Dispose();
        }
    }

    public void Dispose()
    {
        // While it is held, so that it is not another's.
        if (!OperatingSystem.IsWindows())
            File.Delete(_path);
        _file.Dispose();
    }
}
