namespace MLNetExtensions.Data;

/// <summary>The options of <see cref="Microsoft.ML.CocoCatalog.LoadFromCoco"/>.</summary>
public sealed record LoadCocoOptions
{
    /// <summary>The folder that the images' names start from; null for the annotations' own folder.</summary>
    /// <value>The default is null.</value>
    public string? ImageFolder { get; init; }

    /// <summary>True to fail at once if files are missing; false to fail when a missing file is read.</summary>
    /// <value>The default is true.</value>
    public bool CheckFiles { get; init; } = true;

    /// <summary>
    /// True to leave out boxes without an area, as some published data have, with a warning that counts them; false to fail.
    /// </summary>
    /// <value>The default is false.</value>
    public bool LeaveOutEmptyBoxes { get; init; }
}
