using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Data;

/// <summary>Files that a verb writes.</summary>
internal static class OutputFile
{
    /// <summary>Checks that a file may be written, and makes its folder.</summary>
    /// <returns>Its full path.</returns>
    /// <exception cref="UsageException">It exists, and force is false.</exception>
    public static string Claim(string path, bool force)
    {
        path = Path.GetFullPath(path);
        if (Directory.Exists(path))
            throw new UsageException($"--output is '{path}', a folder; it must be a file.");
        if (File.Exists(path) && !force)
            throw new UsageException($"'{path}' exists. --force replaces it; --output names another file.");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
