namespace MLNetExtensions.Onnx;

/// <summary>
/// Files behind symbolic links, as caches of downloads and mounted volumes have them: a link's own length and time are not the file's.
/// </summary>
internal static class LinkedFile
{
    /// <summary>Follows a path to its final target; returns the path itself if it is not a link.</summary>
    /// <exception cref="IOException">A link leads to itself, or is gone while it is followed.</exception>
    public static FileInfo Follow(string path)
    {
        var file = new FileInfo(path);
        // Resolving what is not there is an error; a file that is not there is none of ours.
        return file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
    }

    /// <summary>A path without links, in its folders too.</summary>
    /// <exception cref="IOException">A link leads to itself.</exception>
    public static string RealPath(string path)
    {
        path = Path.GetFullPath(path);
        string real = Path.GetPathRoot(path)!;
        foreach (string part in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            FileSystemInfo entry = Directory.Exists(real) ? new DirectoryInfo(real) : new FileInfo(real);
            // The target of a link may be behind links itself.
            if (entry.LinkTarget is not null && entry.ResolveLinkTarget(returnFinalTarget: true) is { } target)
                real = RealPath(target.FullName);
        }
        return real;
    }
}
