namespace MLNetExtensions.Serving;

/// <summary>What tells a file from its successor.</summary>
/// <param name="Written">When it was written, in UTC.</param>
/// <param name="Length">Its size in bytes.</param>
internal readonly record struct FileStamp(DateTime Written, long Length)
{
    /// <summary>Reads a file's stamp; of a link that of its target. Null where there is no file.</summary>
    public static FileStamp? Of(string path)
    {
        FileSystemInfo file = new FileInfo(path);
        try
        {
            file = file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            return file is FileInfo { Exists: true } found ? new FileStamp(found.LastWriteTimeUtc, found.Length) : null;
        }
        catch (IOException)
        {
            // Deleted or replaced between two of these calls: there is no file just now.
            return null;
        }
    }
}
