namespace MLNetExtensions.Backbones;

/// <summary>A backbone of the catalog as it stands in JSON; <see cref="BackboneInfo"/> says what the members mean.</summary>
internal sealed record CatalogTextEntry(
    string Name,
    string File,
    string Sha256,
    long Size,
    string License,
    string Preprocessing,
    string? FeatureNode = null,
    IReadOnlyList<IReadOnlyList<string>>? LayerStages = null,
    IReadOnlyList<Uri>? Uris = null,
    string? Package = null,
    string? PackageFolder = null
);
