using System.Text.Json;
using MLNetExtensions.Onnx.Files;

namespace MLNetExtensions.Backbones;

/// <summary>The entries that a user added to a folder of backbones: its file <c>backbones.json</c>, in the format of the catalog.</summary>
internal static class FolderCatalog
{
    public const string FileName = "backbones.json";

    /// <summary>The entries of a folder; none if it has no list.</summary>
    /// <exception cref="FormatException">The list is not well-formed; the message names it.</exception>
    public static IReadOnlyList<BackboneInfo> Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return [];
        using FileStream stream = File.OpenRead(path);
        try
        {
            return BackboneCatalog.Read(stream);
        }
        catch (FormatException e)
        {
            throw new FormatException($"'{path}': {e.Message}", e);
        }
    }

    /// <summary>Adds an entry to a folder's list, whose other entries stay.</summary>
    public static void Add(string folder, BackboneInfo entry)
    {
        BackboneInfo[] all = [.. Read(folder), entry];
        var text = new CatalogText(
            all.ToDictionary(e => e.Name, e => PreprocessingText.Of(e.Preprocessing)),
            [
                .. all.Select(e => new CatalogTextEntry(
                    e.Name,
                    e.FileName,
                    e.Sha256,
                    e.Size,
                    e.License,
                    Preprocessing: e.Name,
                    e.FeatureNode,
                    e.LayerStages,
                    e.Uris
                )),
            ]
        );
        TemporaryFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(text, BackboneJson.Default.CatalogText));
    }
}
