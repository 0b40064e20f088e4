namespace MLNetExtensions.Data;

/// <summary>The options of <c>ml.Data.LoadFromMasks</c>.</summary>
public sealed record LoadMasksOptions
{
    /// <summary>The names of the classes by index, from 0: the background, if there is one, is the first.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The index of pixels that do not count; null if all do.</summary>
    /// <value>The default is 255, as in Pascal VOC and Cityscapes.</value>
    public int? IgnoredIndex { get; init; } = 255;

    /// <summary>
    /// A color for each class by its name, as <c>#RRGGBB</c>, for masks of colors. Null for masks of indices: gray levels, or places in the
    /// file's palette, whose colors do not matter then.
    /// </summary>
    /// <value>The default is null.</value>
    public IReadOnlyDictionary<string, string>? Colors { get; init; }

    /// <summary>The color of pixels that do not count, as <c>#RRGGBB</c>; of use with <see cref="Colors"/> only.</summary>
    /// <value>The default is null: no color.</value>
    public string? IgnoredColor { get; init; }

    /// <summary>A text file with the names of the images to read, one a line without extension.</summary>
    /// <value>The default is null: all.</value>
    public string? ImageSet { get; init; }

    /// <summary>The end of images' names, before the extension, that masks' names do not have: <c>_leftImg8bit</c>.</summary>
    /// <value>The default is none.</value>
    public string ImageSuffix { get; init; } = "";

    /// <summary>The end of masks' names, before the extension, that images' names do not have: <c>_mask</c>.</summary>
    /// <value>The default is none.</value>
    public string MaskSuffix { get; init; } = "";

    /// <summary>True to fail at once if files of pairs are missing; false to fail when a missing file is read.</summary>
    /// <value>The default is true.</value>
    public bool CheckFiles { get; init; } = true;
}
