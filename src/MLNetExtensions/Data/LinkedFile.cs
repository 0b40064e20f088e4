namespace MLNetExtensions.Data;

/// <summary>Files behind symbolic links, as caches of downloads and mounted volumes have them: a link's own length and time are not the file's.</summary>
internal static class LinkedFile
{
    /// <summary>What a path leads to in the end; the path itself where it is no link.</summary>
    /// <exception cref="IOException">A link leads to itself.</exception>
    public static FileInfo Follow(string path)
    {
        var file = new FileInfo(path);
        return file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
    }
}
