namespace MLNetExtensions.Reports.Content;

/// <summary>The figures of a segmentation network; null where there is nothing to measure.</summary>
internal sealed record SegmentationContent
{
    public required double? MeanIoU { get; init; }

    public required double? PixelAccuracy { get; init; }

    public required double? MeanAccuracy { get; init; }

    public required double? MeanDice { get; init; }

    public required double? FrequencyWeightedIoU { get; init; }

    public required double? MeanBoundaryF1 { get; init; }

    /// <summary>The number of pixels that count.</summary>
    public required long Pixels { get; init; }

    /// <summary>The number of pixels that do not count.</summary>
    public required long IgnoredPixels { get; init; }

    /// <summary>The figures of the answer that gives every pixel the most frequent class.</summary>
    public required PixelBaselineContent Baseline { get; init; }

    public required IReadOnlyList<PixelClassContent> Classes { get; init; }

    /// <summary>The number of pixels of each class (rows) that were predicted as each class (columns).</summary>
    public required IReadOnlyList<IReadOnlyList<long>> Confusion { get; init; }

    /// <summary>The classes that are confused most.</summary>
    public required IReadOnlyList<ConfusedPairContent> ConfusedPairs { get; init; }

    /// <summary>The images with the largest fraction of wrong pixels, the worst first.</summary>
    public required IReadOnlyList<PixelImageContent> WorstImages { get; init; }
}
