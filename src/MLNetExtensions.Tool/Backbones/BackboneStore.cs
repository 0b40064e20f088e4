using MLNetExtensions.Backbones;
using MLNetExtensions.Hosting;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Backbones;

/// <summary>The pretrained networks at hand: files in the folders of <see cref="BackboneFolders"/>.</summary>
internal static class BackboneStore
{
    /// <summary>The files at hand, each name once, the best first.</summary>
    public static IReadOnlyList<BackboneFile> AtHand() =>
        [
            .. BackboneFolders
                .All.Where(Directory.Exists)
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*.onnx").Order(StringComparer.Ordinal))
                .Select(BackboneFile.Of)
                .DistinctBy(file => file.Name)
                .BestFirst(file => file.Name, file => file.Entry?.Preprocessing),
        ];

    /// <summary>The best backbone at hand.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static BackboneFile Best() =>
        AtHand().FirstOrDefault(file => file.IsWhole)
        ?? throw new UsageException(
            $"There is no backbone at hand. Name an ONNX file by --backbone, or fetch one: 'mlnetx backbones list' shows them. Searched: "
                + $"{string.Join(", ", BackboneFolders.All)}."
        );

    /// <summary>The backbone that a user names.</summary>
    /// <param name="name">A file, or the name of one at hand.</param>
    /// <param name="origin">Where it was given, for messages.</param>
    /// <exception cref="UsageException">There is none of that name; the message says what there is.</exception>
    public static BackboneFile Find(string name, string origin)
    {
        if (File.Exists(name))
            return BackboneFile.Of(Path.GetFullPath(name));
        IReadOnlyList<BackboneFile> files = AtHand();
        if (files.FirstOrDefault(file => file.Name == name) is { } found)
            return found;
        if (Backbone.Catalog.Any(entry => entry.Name == name))
            throw new UsageException($"{origin}: the backbone '{name}' is not at hand. 'mlnetx backbones get {name}' fetches it.");
        string? nearest = NearestName.Of(name, [.. files.Select(file => file.Name), .. Backbone.Catalog.Select(entry => entry.Name)]);
        throw new UsageException(
            $"{origin} is '{name}', which is neither a file nor a backbone. "
                + (nearest is null ? "" : $"Did you mean {nearest}? ")
                + $"At hand: {string.Join(", ", files.Select(file => file.Name))}."
        );
    }
}
