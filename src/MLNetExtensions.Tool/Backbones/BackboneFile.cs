using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Backbones;

/// <summary>A backbone's file.</summary>
/// <param name="Name">The catalog's name, or the file's without its extension.</param>
/// <param name="Path">The file.</param>
/// <param name="Entry">The catalog's entry of the same file name; null if there is none.</param>
internal sealed record BackboneFile(string Name, string Path, BackboneInfo? Entry)
{
    /// <summary>True if the file is as long as the catalog says; its hash is compared by <c>backbones verify</c>.</summary>
    public bool IsWhole => Entry is null || new FileInfo(Path).Length == Entry.Size;

    /// <summary>What is wrong with the file; null if it is sound. It is read whole.</summary>
    public string? Problem
    {
        get
        {
            if (!IsWhole)
                return $"it has {new FileInfo(Path).Length} bytes, the catalog says {Entry!.Size}";
            if (Entry is not null)
                return FileHash.Sha256(Path) is string hash && hash != Entry.Sha256
                    ? $"its SHA-256 is {hash}, the catalog says {Entry.Sha256}"
                    : null;
            try
            {
                _ = Backbone.FromFile(Path);
                return null;
            }
            catch (Exception error) when (error is OnnxFormatException or ArgumentException or FormatException)
            {
                return FailureText.OneLine(error.Message);
            }
        }
    }

    /// <summary>The file at a path.</summary>
    public static BackboneFile Of(string path)
    {
        string fileName = System.IO.Path.GetFileName(path);
        BackboneInfo? entry = Backbone.Catalog.FirstOrDefault(e => e.FileName == fileName);
        return new BackboneFile(entry?.Name ?? System.IO.Path.GetFileNameWithoutExtension(path), path, entry);
    }
}
