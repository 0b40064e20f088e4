namespace MLNetExtensions.Tool.Data;

/// <summary>The names that parts of data have.</summary>
internal static class PartNames
{
    public static readonly IReadOnlyList<string> Train = ["train", "training"];

    public static readonly IReadOnlyList<string> Validation = ["val", "valid", "validation"];

    public static readonly IReadOnlyList<string> Test = ["test", "testing"];

    /// <summary>The sub-folder of a folder that has one of some names; null if there is none.</summary>
    public static string? FolderOf(string folder, IReadOnlyList<string> names) =>
        Directory
            .EnumerateDirectories(folder)
            .FirstOrDefault(sub => names.Contains(Path.GetFileName(sub), StringComparer.OrdinalIgnoreCase));
}
