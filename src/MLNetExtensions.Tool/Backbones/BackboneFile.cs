using MLNetExtensions.Backbones;

namespace MLNetExtensions.Tool.Backbones;

/// <summary>A backbone's file.</summary>
/// <param name="Name">The catalog's name, or the file's without its extension.</param>
/// <param name="Path">The file.</param>
/// <param name="Entry">The catalog's entry of the same file name; null if there is none.</param>
internal sealed record BackboneFile(string Name, string Path, BackboneInfo? Entry)
{
    /// <summary>True if the file is as long as the catalog says; its hash is compared by <c>backbones verify</c>.</summary>
    public bool IsWhole => Entry is null || new FileInfo(Path).Length == Entry.Size;

    /// <summary>The file at a path.</summary>
    public static BackboneFile Of(string path)
    {
        string fileName = System.IO.Path.GetFileName(path);
        BackboneInfo? entry = Backbone.Catalog.FirstOrDefault(e => e.FileName == fileName);
        return new BackboneFile(entry?.Name ?? System.IO.Path.GetFileNameWithoutExtension(path), path, entry);
    }
}
