#if IMAGING
namespace MLNetExtensions.Imaging.Files;

#else
namespace MLNetExtensions.Onnx.Files;

#endif

/// <summary>The errors of writing a file, with the file as its user names it and what to do.</summary>
internal static class WriteProblem
{
    /// <summary>True for what the system says where a file cannot be written.</summary>
    public static bool Is(Exception e) => e is UnauthorizedAccessException or (IOException and not FileNotFoundException) || IsTooLarge(e);

    /// <summary>The error to throw for one of the system.</summary>
    /// <param name="path">The file that was to be written.</param>
    /// <param name="e">The system's error, which names a temporary file.</param>
    public static Exception Of(string path, Exception e)
    {
        string folder = Path.GetDirectoryName(path) ?? path;
        return e switch
        {
            UnauthorizedAccessException => new UnauthorizedAccessException(
                $"'{path}' cannot be written: this process may not write to the folder '{folder}', or over the file. Choose another path.",
                e
            ),
            _ when !Directory.Exists(folder) => new DirectoryNotFoundException(
                $"'{path}' cannot be written: there is no folder '{folder}'. Make it first.",
                e
            ),
            _ => new IOException($"'{path}' cannot be written: {e.Message} {Cure(e)}".TrimEnd(), e),
        };
    }

    /// <summary>What helps, as a sentence; empty where it is not known.</summary>
    public static string Cure(Exception e) =>
        IsTooLarge(e)
            ? "The file would be larger than this process (ulimit -f) or the file system allows: choose another place."
            : CureOf(e);

    // EFBIG, which the framework has as a wrong argument of its own.
    private static bool IsTooLarge(Exception e) =>
        e is ArgumentOutOfRangeException { ParamName: "value", StackTrace: { } trace }
        && trace.Contains("System.IO.RandomAccess.Write", StringComparison.Ordinal);

    private static string CureOf(Exception e) =>
        (e.HResult, OperatingSystem.IsWindows()) switch
        {
            // ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL; ENOSPC, EDQUOT of Linux and of macOS.
            (unchecked((int)0x80070027) or unchecked((int)0x80070070), true) or (28 or 122 or 69, false) =>
                "Free space there, or choose another disk.",
            // ERROR_WRITE_PROTECT; EROFS.
            (unchecked((int)0x80070013), true) or (30, false) => "The disk is read-only: choose another one.",
            // ERROR_TOO_MANY_OPEN_FILES; EMFILE, ENFILE.
            (unchecked((int)0x80070004), true) or (23 or 24, false) =>
                "Too many files are open: dispose models that are not used, or raise the limit (ulimit -n).",
            _ => "",
        };
}
