using MLNetExtensions.Backbones;

namespace MLNetExtensions.ModelBuilder.Training;

/// <summary>The backbone to train where none is named.</summary>
internal static class BackboneChoice
{
    /// <summary>The catalog's backbone in a folder that comes first in <see cref="BackboneRanking"/>; null for none.</summary>
    public static string? Best(string folder) =>
        Directory
            .EnumerateFiles(folder, "*.onnx")
            .Select(path => (Path: path, Entry: Known(path)))
            .Where(f => f.Entry is not null)
            .BestFirst(f => f.Entry!.Name, f => f.Entry!.Preprocessing)
            .Select(f => f.Path)
            .FirstOrDefault();

    /// <summary>By name and size; <see cref="Backbone.FromFile"/> compares the SHA-256.</summary>
    private static BackboneInfo? Known(string path) =>
        Backbone.Catalog.FirstOrDefault(e => e.FileName == Path.GetFileName(path) && e.Size == new FileInfo(path).Length);
}
