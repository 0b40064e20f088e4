namespace MLNetExtensions.Backbones;

/// <summary>The catalog as it stands in JSON.</summary>
internal sealed record CatalogText(Dictionary<string, PreprocessingText> Preprocessings, List<CatalogTextEntry> Backbones);
