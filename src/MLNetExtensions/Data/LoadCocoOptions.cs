namespace MLNetExtensions.Data;

/// <summary>
/// The options of <see cref="Microsoft.ML.CocoCatalog.LoadFromCoco"/>. Images lie in the annotations' own folder unless
/// <see cref="LoadBoxesOptions.ImageFolder"/> is set, and the classes come in the order of the categories' ids.
/// </summary>
public sealed record LoadCocoOptions : LoadBoxesOptions;
