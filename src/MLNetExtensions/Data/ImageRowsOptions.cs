namespace MLNetExtensions.Data;

/// <summary>The columns that <see cref="ImageRows"/> reads, and its settings.</summary>
internal sealed record ImageRowsOptions
{
    /// <summary>
    /// The image column: an <c>MLImage</c>, the path of an image file, an encoded image's bytes (a vector of unknown size), or what
    /// ExtractPixels makes of a canvas (planar RGB floats 0..255).
    /// </summary>
    public required string ImageColumnName { get; init; }

    /// <summary>A key column with the rows' classes; null if the rows need none.</summary>
    public string? LabelColumnName { get; init; }

    /// <summary>The folder that relative paths start from; null is the current folder.</summary>
    public string? ImageFolder { get; init; }

    /// <summary>The number of unreadable images that are skipped and listed before reading fails.</summary>
    public int MaxInvalidImages { get; init; }

    /// <summary>
    /// Selects the rows whose images are read, by their number in the view; null for all. For other rows only the label is read; they are
    /// in no batch.
    /// </summary>
    public Func<long, bool>? ReadsImage { get; init; }

    /// <summary>Called for each row in order, before its batch, with its label and whether its image is bad.</summary>
    public Action<RowSlot>? RowRead { get; init; }

    /// <summary>The number of decoding threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
