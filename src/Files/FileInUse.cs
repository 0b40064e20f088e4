#if IMAGING
namespace MLNetExtensions.Imaging.Files;

#else
namespace MLNetExtensions.Onnx.Files;

#endif

/// <summary>Errors of files that another process, or another place in this one, has open for itself.</summary>
internal static class FileInUse
{
    /// <summary>True if a file could not be opened because of that: ERROR_SHARING_VIOLATION on Windows, EWOULDBLOCK elsewhere.</summary>
    public static bool Is(IOException e) =>
        e.HResult
        == (
            OperatingSystem.IsWindows() ? unchecked((int)0x80070020)
            : OperatingSystem.IsMacOS() ? 35
            : 11
        );
}
