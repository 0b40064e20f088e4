namespace MLNetExtensions.ModelBuilder.Configuration;

/// <summary>Paths of configurations, which were mostly written on another machine, with Windows separators.</summary>
internal static class ConfigPaths
{
    /// <summary>
    /// The folder that a path of a configuration means: the path itself, or relative to the configuration; where there is neither, the
    /// longest end of it that exists beside the configuration or one folder up, as after a clone of the repository.
    /// </summary>
    /// <param name="path">The path in the configuration.</param>
    /// <param name="folder">The configuration's folder.</param>
    /// <returns>The full path; null where there is no such folder.</returns>
    public static string? FindFolder(string path, string folder)
    {
        string local = path.Replace('\\', Path.DirectorySeparatorChar);
        string direct = Path.GetFullPath(local, folder);
        if (Directory.Exists(direct))
            return direct;
        string[] parts = local.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (int skipped = IsAbsolute(path) ? 1 : 0; skipped < parts.Length; skipped++)
        {
            string end = Path.Combine(parts[skipped..]);
            foreach (string start in new[] { folder, Path.GetDirectoryName(folder) ?? folder })
                if (Directory.Exists(Path.Combine(start, end)))
                    return Path.GetFullPath(Path.Combine(start, end));
        }
        return null;
    }

    /// <summary>True for an absolute path of this system or of Windows.</summary>
    public static bool IsAbsolute(string path) =>
        Path.IsPathRooted(path) || path.StartsWith('\\') || (path.Length > 1 && char.IsAsciiLetter(path[0]) && path[1] == ':');
}
