namespace MLNetExtensions.Reports.Content;

/// <summary>The figures of an object detector, by COCO's rules; null where there is nothing to measure.</summary>
internal sealed record DetectionContent
{
    public required double? MeanAveragePrecision { get; init; }

    public required double? MeanAveragePrecision50 { get; init; }

    public required double? MeanAveragePrecision75 { get; init; }

    public required double? SmallMeanAveragePrecision { get; init; }

    public required double? MediumMeanAveragePrecision { get; init; }

    public required double? LargeMeanAveragePrecision { get; init; }

    public required double? AverageRecall1 { get; init; }

    public required double? AverageRecall10 { get; init; }

    public required double? AverageRecall100 { get; init; }

    /// <summary>The number of objects.</summary>
    public required long Objects { get; init; }

    /// <summary>The score from which on boxes are drawn, and count as wrong in <see cref="WorstImages"/>.</summary>
    public required double ShownScore { get; init; }

    /// <summary>The objects that a box of at least <see cref="ShownScore"/> is right about (IoU of 0.5).</summary>
    public required long Right { get; init; }

    /// <summary>The boxes of at least <see cref="ShownScore"/> that are wrong.</summary>
    public required long Wrong { get; init; }

    public required IReadOnlyList<ObjectClassContent> Classes { get; init; }

    /// <summary>The errors of boxes at an IoU of 0.5, by TIDE.</summary>
    public required IReadOnlyList<ErrorContent> Errors { get; init; }

    /// <summary>The highest precision at an IoU of 0.5 and a recall of at least 0, 0.01 to 1, the mean of the classes.</summary>
    public required IReadOnlyList<double> Precision50 { get; init; }

    /// <summary>The same at an IoU of 0.75.</summary>
    public required IReadOnlyList<double> Precision75 { get; init; }

    /// <summary>The images with missed objects or wrong boxes, the worst first.</summary>
    public required IReadOnlyList<ObjectImageContent> WorstImages { get; init; }

    /// <summary>The number of images with any.</summary>
    public required long Mistakes { get; init; }
}
