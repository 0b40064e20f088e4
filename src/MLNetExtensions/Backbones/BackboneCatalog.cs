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

    /// <summary>The library's own entries.</summary>
    public static IReadOnlyList<BackboneInfo> BuiltIn => Loaded.Value;

    /// <summary>The library's own entries and those that were added to the folders of backbones.</summary>
    /// <exception cref="FormatException">The list of a folder is not well-formed; the message names it.</exception>
    public static IReadOnlyList<BackboneInfo> Entries =>
        [.. BuiltIn.Concat(BackboneFolders.All.SelectMany(FolderCatalog.Read)).DistinctBy(e => e.Name)];

    /// <summary>The content of an entry's file that is a resource of this assembly; null if it is none.</summary>
    public static Stream? OpenResource(BackboneInfo entry) => typeof(BackboneCatalog).Assembly.GetManifestResourceStream(entry.FileName);

    /// <exception cref="ArgumentException">There is no such entry; the message names those that are alike.</exception>
    public static BackboneInfo Find(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        // Read once: lists of folders are files.
        IReadOnlyList<BackboneInfo> entries = Entries;
        if (entries.FirstOrDefault(e => e.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is BackboneInfo found)
            return found;
        string[] alike = [.. entries.Select(e => e.Name).Where(n => n.Contains(name, StringComparison.OrdinalIgnoreCase))];
        throw new ArgumentException(
            alike.Length > 0
                ? $"The catalog has no backbone '{name}'. Did you mean {string.Join(", ", alike)}?"
                : $"The catalog has no backbone '{name}'. Its names are in Backbone.Catalog: "
                    + $"{string.Join(", ", entries.Select(e => e.Name))}.",
            nameof(name)
        );
    }

    /// <summary>
    /// The entry whose file is exactly this one, or null; the list of the file's folder comes first. Only a file of some entry's size is read.
    /// </summary>
    public static BackboneInfo? FindFile(string path)
    {
        long size = LinkedFile.Follow(path).Length;
        BackboneInfo[] alike =
        [
            .. FolderCatalog.Read(Path.GetDirectoryName(Path.GetFullPath(path))!).Concat(Entries).Where(e => e.Size == size),
        ];
        if (alike.Length == 0)
            return null;
        string hash = FileHash.Sha256(path);
        return alike.FirstOrDefault(e => e.Sha256 == hash);
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
        var preprocessings = new Dictionary<string, ImagePreprocessing>();
        // The format knows of nulls in members, not of those in lists.
        foreach ((string name, PreprocessingText? text) in file.Preprocessings)
        {
            ImagePreprocessing preprocessing =
                text?.ToPreprocessing() ?? throw new FormatException($"The catalog's preprocessing '{name}' is null, expected an object.");
            if (PreprocessingCheck.Problem(preprocessing) is string problem)
                throw new FormatException($"The catalog's preprocessing '{name}': {problem}");
            preprocessings.Add(name, preprocessing);
        }
        return [.. file.Backbones.Select((entry, i) => Read(entry, i, preprocessings))];
    }

    private static BackboneInfo Read(CatalogTextEntry? entry, int index, Dictionary<string, ImagePreprocessing> preprocessings)
    {
        if (entry is null)
            throw new FormatException($"The catalog's entry {index} is null, expected an object.");
        if (Problem(entry) is string problem)
            throw new FormatException($"The catalog's entry '{entry.Name}': {problem}");
        return new BackboneInfo
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
            Package = entry.Package,
            PackageFolder = entry.PackageFolder,
        };
    }

    /// <summary>Describes what cannot be in an entry; null if all of it can be.</summary>
    private static string? Problem(CatalogTextEntry entry)
    {
        if (string.IsNullOrWhiteSpace(entry.Name))
            return "its name is empty.";
        // The file is written below a folder under this name.
        if (!IsFileName(entry.File))
            return $"has the file '{entry.File}'; expected a file's name, without a folder.";
        if (entry.PackageFolder is { } folder && !folder.Split('/').All(IsFileName))
            return $"its package folder '{folder}' is no folder below the application's.";
        if (entry.Sha256.Length != 64 || !entry.Sha256.All(char.IsAsciiHexDigitLower))
            return $"its SHA-256 is '{entry.Sha256}', expected 64 lower-case hexadecimal digits.";
        if (entry.Size < 0)
            return $"its size is {entry.Size} bytes.";
        if (entry.Uris?.FirstOrDefault(uri => uri is not { IsAbsoluteUri: true }) is { } relative)
            return $"its address '{relative}' is not absolute.";
        if (entry.Uris?.Contains(null) == true || entry.LayerStages?.Any(stage => stage is null || stage.Contains(null)) == true)
            return "a list in it holds a null.";
        return null;
    }

    private static bool IsFileName(string name) =>
        name.Length > 0 && name is not ("." or "..") && name.IndexOfAny(['/', '\\', '\0', ':']) < 0;
}
