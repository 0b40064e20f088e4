using System.Text.Json;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Backbones;

/// <summary>The catalog of backbones, <c>pretrained/catalog.json</c>, which is embedded in the assembly.</summary>
internal static class BackboneCatalog
{
    private static readonly Lazy<IReadOnlyList<BackboneInfo>> Loaded = new(() =>
    {
        using Stream stream =
            typeof(BackboneCatalog).Assembly.GetManifestResourceStream("catalog.json")
            ?? throw new InvalidOperationException("The assembly was built without its resource catalog.json.");
        return Read(stream);
    });

    public static IReadOnlyList<BackboneInfo> Entries => Loaded.Value;

    /// <exception cref="ArgumentException">There is no such entry; the message names those that are alike.</exception>
    public static BackboneInfo Find(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (Entries.FirstOrDefault(e => e.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is BackboneInfo found)
            return found;
        string[] alike = [.. Entries.Select(e => e.Name).Where(n => n.Contains(name, StringComparison.OrdinalIgnoreCase))];
        throw new ArgumentException(
            alike.Length > 0
                ? $"The catalog has no backbone '{name}'. Did you mean {string.Join(", ", alike)}?"
                : $"The catalog has no backbone '{name}'. Its names are in Backbone.Catalog: "
                    + $"{string.Join(", ", Entries.Select(e => e.Name))}.",
            nameof(name)
        );
    }

    /// <summary>The entry whose file is exactly this one, or null. Only a file of some entry's size is read.</summary>
    public static BackboneInfo? FindFile(string path)
    {
        long size = LinkedFile.Follow(path).Length;
        if (!Entries.Any(e => e.Size == size))
            return null;
        string hash = FileHash.Sha256(path);
        return Entries.FirstOrDefault(e => e.Sha256 == hash);
    }

    /// <exception cref="FormatException">The catalog is not well-formed; the message names the entry.</exception>
    public static IReadOnlyList<BackboneInfo> Read(Stream json)
    {
        CatalogText file;
        try
        {
            file = JsonSerializer.Deserialize(json, BackboneJson.Default.CatalogText) ?? throw new FormatException("The catalog is empty.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"The catalog cannot be read: {e.Message}", e);
        }
        Dictionary<string, ImagePreprocessing> preprocessings = file.Preprocessings.ToDictionary(
            p => p.Key,
            p => p.Value.ToPreprocessing()
        );
        foreach ((string name, ImagePreprocessing preprocessing) in preprocessings)
            if (PreprocessingJson.Problem(preprocessing) is string problem)
                throw new FormatException($"The catalog's preprocessing '{name}': {problem}");
        return
        [
            .. file.Backbones.Select(entry => new BackboneInfo
            {
                Name = entry.Name,
                FileName = entry.File,
                Sha256 = entry.Sha256,
                Size = entry.Size,
                License = entry.License,
                Preprocessing =
                    preprocessings.GetValueOrDefault(entry.Preprocessing)
                    ?? throw new FormatException(
                        $"The catalog's entry '{entry.Name}' names a preprocessing '{entry.Preprocessing}' that is not there."
                    ),
                Uris = entry.Uris ?? [],
                FeatureNode = entry.FeatureNode,
                LayerStages = entry.LayerStages,
            }),
        ];
    }
}
