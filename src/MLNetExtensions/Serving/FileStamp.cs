using MLNetExtensions.Onnx;

namespace MLNetExtensions.Serving;

/// <summary>The properties that distinguish a file from its successor.</summary>
/// <param name="Written">When it was written, in UTC.</param>
/// <param name="Length">Its size in bytes.</param>
internal readonly record struct FileStamp(DateTime Written, long Length)
{
    /// <summary>Reads a file's stamp; of a link that of its target. Null if there is no file.</summary>
    public static FileStamp? Of(string path)
    {
        try
        {
            FileInfo file = LinkedFile.Follow(path);
            return file.Exists ? new FileStamp(file.LastWriteTimeUtc, file.Length) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Deleted or replaced between two of these calls, or its folder is closed to us: there is no file just now.
            return null;
        }
    }
}
