namespace MLNetExtensions.Data;

/// <summary>Full paths of files, compared as this system's file systems do by default.</summary>
internal static class FilePath
{
    /// <summary>Windows and macOS take no account of case.</summary>
    public static StringComparison Comparison { get; } = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Whether two full paths are of the same place.</summary>
    public static bool AreEqual(string? first, string? second) => string.Equals(first, second, Comparison);

    /// <summary>Whether a full path is that of a folder or of something in it.</summary>
    public static bool IsWithin(string inner, string folder) =>
        AreEqual(inner, folder) || inner.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, Comparison);
}
