namespace MLNetExtensions.Data;

/// <summary>Full paths of files, compared as this system's file systems do by default.</summary>
internal static class FilePath
{
    /// <summary>Windows and macOS take no account of case.</summary>
    public static StringComparison Comparison { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>True if two full paths are equal on this file system.</summary>
    public static bool AreEqual(string? first, string? second) => string.Equals(first, second, Comparison);

    /// <summary>True if a full path is that folder or lies in it.</summary>
    public static bool IsWithin(string inner, string folder) =>
        AreEqual(inner, folder) || inner.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, Comparison);
}
