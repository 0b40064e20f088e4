namespace MLNetExtensions.Data.Inspection;

/// <summary>The masks of the inspected images.</summary>
public sealed record MaskInspection
{
    /// <summary>The number of masks that can be read.</summary>
    public required int Count { get; init; }

    /// <summary>The classes by index; those without pixels too.</summary>
    public required IReadOnlyList<MaskClassShare> Classes { get; init; }

    /// <summary>The fraction of all pixels that do not count, 0 to 1.</summary>
    public required double IgnoredFraction { get; init; }

    /// <summary>The masks of one class, or of pixels that do not count, alone.</summary>
    public required IReadOnlyList<ImageReference> Uniform { get; init; }

    /// <summary>The masks that cannot be used, with the reason: missing or damaged, of another size than their image, or with an index or a
    /// color of no class.</summary>
    public required IReadOnlyList<UnreadableImage> Invalid { get; init; }
}
