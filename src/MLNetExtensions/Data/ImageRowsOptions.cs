namespace MLNetExtensions.Data;

/// <summary>Which columns <see cref="ImageRows"/> reads, and how.</summary>
internal sealed record ImageRowsOptions
{
    /// <summary>
    /// The image column: an <c>MLImage</c>, the path of an image file, an encoded image's bytes (a vector of unknown size), or what
    /// ExtractPixels makes of a canvas (planar RGB floats 0..255).
    /// </summary>
    public required string ImageColumnName { get; init; }

    /// <summary>A key column with the rows' classes; null where the rows need none.</summary>
    public string? LabelColumnName { get; init; }

    /// <summary>The folder that relative paths start from; null is the current folder.</summary>
    public string? ImageFolder { get; init; }

    /// <summary>How many unreadable pictures are skipped and listed before reading fails.</summary>
    public int MaxBadImages { get; init; }

    /// <summary>How many threads decode.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
