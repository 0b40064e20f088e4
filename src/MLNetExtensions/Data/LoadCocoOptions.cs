namespace MLNetExtensions.Data;

/// <summary>
/// The options of <see cref="Microsoft.ML.CocoCatalog.LoadFromCoco"/>. Images lie in the annotations' own folder unless
/// <see cref="LoadBoxesOptions.ImageFolder"/> is set, and the classes come in the order of the categories' ids.
/// </summary>
public sealed record LoadCocoOptions : LoadBoxesOptions
{
    /// <summary>
    /// True to read the objects' outlines (polygons, run lengths) too: rows have a column <c>Mask</c> then, the bytes of a PNG file of class
    /// indices, with 0 for the background, 1 for the first class, and 255, which does not count, where outlines of several classes overlap.
    /// </summary>
    /// <value>The default is false.</value>
    public bool Masks { get; init; }
}
