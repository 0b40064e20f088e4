using MLNetExtensions.Imaging;

namespace MLNetExtensions.Backbones;

/// <summary>An entry of the catalog: a published backbone file and what belongs to its weights.</summary>
public sealed record BackboneInfo
{
    /// <summary>The entry's name, unique in the catalog.</summary>
    public required string Name { get; init; }

    /// <summary>The file's name in a cache folder and below a mirror's base address.</summary>
    public required string FileName { get; init; }

    /// <summary>The SHA-256 of the file, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The file's size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The license of the weights: an SPDX identifier if there is one.</summary>
    public required string License { get; init; }

    /// <summary>The preprocessing that the network expects.</summary>
    public required ImagePreprocessing Preprocessing { get; init; }

    /// <summary>
    /// The download addresses of the file, in the order they are tried; empty for a file that has to be copied to the cache by hand.
    /// </summary>
    public IReadOnlyList<Uri> Uris { get; init; } = [];

    /// <summary>The node or value whose output is the features; null for the input of the last layer with weights.</summary>
    public string? FeatureNode { get; init; }

    /// <summary>
    /// The NuGet package that brings the file: an application that references it finds the file in its own folder. Null: no package does.
    /// </summary>
    public string? Package { get; init; }

    /// <summary>The place of the file in an application that references the package: a folder below the application's.</summary>
    internal string? PackageFolder { get; init; }

    /// <summary>The command or the step by which a user gets the file.</summary>
    internal string HowToGet(string folder) =>
        Package is not null ? $"Add it to the application: dotnet add package {Package}."
        : Uris.Count > 0 ? $"Fetch it with Backbone.DownloadAsync(\"{Name}\"), from {Uris[0]}, or: {HowToCopy(folder)}"
        : HowToCopy(folder);

    /// <summary>The step by which a user puts the file into a folder.</summary>
    internal string HowToCopy(string folder) =>
        $"Put the file of {Size} bytes with the SHA-256 {Sha256} at '{Path.GetFullPath(Path.Combine(folder, FileName))}'.";

    /// <summary>Groups of layers, shallow to deep, each as the beginnings of its parameters' names; null: found in the graph.</summary>
    internal IReadOnlyList<IReadOnlyList<string>>? LayerStages { get; init; }
}
