namespace MLNetExtensions.Data;

/// <summary>
/// The options of <see cref="Microsoft.ML.VottCatalog.LoadFromVott"/>. Images lie where their paths say, or else beside the file; the
/// classes come in the order of the file's tags.
/// </summary>
public sealed record LoadVottOptions : LoadBoxesOptions;
