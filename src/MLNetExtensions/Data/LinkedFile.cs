namespace MLNetExtensions.Data;

/// <summary>Files behind symbolic links, as caches of downloads and mounted volumes have them: a link's own length and time are not the file's.</summary>
internal static class LinkedFile
{
    /// <summary>What a path leads to in the end; the path itself where it is no link.</summary>
    /// <exception cref="IOException">A link leads to itself, or is gone while it is followed.</exception>
    public static FileInfo Follow(string path)
    {
        var file = new FileInfo(path);
        // Resolving what is not there is an error; a file that is not there is none of ours.
        return file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
    }
}
