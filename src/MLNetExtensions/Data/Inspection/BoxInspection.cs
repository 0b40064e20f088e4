namespace MLNetExtensions.Data.Inspection;

/// <summary>The boxes around objects of the inspected images.</summary>
public sealed record BoxInspection
{
    /// <summary>The number of boxes.</summary>
    public required int Count { get; init; }

    /// <summary>The classes, in the order of the label's keys; classes without boxes too.</summary>
    public required IReadOnlyList<BoxClassCount> Classes { get; init; }

    /// <summary>The smallest, the median and the largest number of boxes in an image.</summary>
    public required SizeRange BoxesOfImage { get; init; }

    /// <summary>The number of boxes of less than 32 x 32 pixels (COCO's small objects).</summary>
    public required int Small { get; init; }

    /// <summary>The number of boxes of 32 x 32 to 96 x 96 pixels.</summary>
    public required int Medium { get; init; }

    /// <summary>The number of boxes of more than 96 x 96 pixels.</summary>
    public required int Large { get; init; }

    /// <summary>The number of boxes around many objects (<c>IsCrowd</c>).</summary>
    public required int Crowds { get; init; }

    /// <summary>The images without boxes.</summary>
    public required IReadOnlyList<ImageReference> EmptyImages { get; init; }

    /// <summary>The boxes that cannot be right: not finite, inverted, without an area, or over the edge of their image.</summary>
    public required IReadOnlyList<BoxFinding> Invalid { get; init; }

    /// <summary>The boxes that another box of the same image covers nearly (IoU of 0.95 or more), of the same class or another.</summary>
    public required IReadOnlyList<BoxFinding> Duplicates { get; init; }
}
