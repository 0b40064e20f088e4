using Microsoft.ML;
using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Data;

/// <summary>The options of <see cref="ImageListCatalog.LoadFromImageList"/>, which reads a list of images.</summary>
public sealed record LoadListOptions
{
    /// <summary>The column, or the JSON property, with the images' paths.</summary>
    /// <value>The default is ImagePath.</value>
    public string ImageColumn { get; init; } = "ImagePath";

    /// <summary>The column, or the JSON property, with the labels; null for a list without labels.</summary>
    /// <value>The default is Label.</value>
    public string? LabelColumn { get; init; } = DefaultColumnNames.Label;

    /// <summary>
    /// True if the first line of a CSV or TSV file names the columns. Without names, columns are called by their number from 0; give such
    /// numbers as <see cref="ImageColumn"/> and <see cref="LabelColumn"/>.
    /// </summary>
    /// <value>The default is true.</value>
    public bool HasHeader { get; init; } = true;

    /// <summary>The folder that relative paths start from; null for the list's own folder.</summary>
    /// <value>The default is null.</value>
    public string? ImageFolder { get; init; }

    /// <summary>True to fail at once if files are missing; false to fail when a missing file is read.</summary>
    /// <value>The default is true.</value>
    public bool CheckFiles { get; init; } = true;
}
