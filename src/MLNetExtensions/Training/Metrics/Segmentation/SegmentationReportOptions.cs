using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Training.Metrics.Segmentation;

/// <summary>The options of <c>ml.Vision().ReportSegmentation</c>.</summary>
public sealed record SegmentationReportOptions
{
    /// <summary>The column of true masks: paths of PNG or BMP files (text), or the bytes of such files (a vector of Byte).</summary>
    /// <value>The default is null: <c>Mask</c>, or else <c>MaskPath</c>.</value>
    public string? MaskColumnName { get; init; }

    /// <summary>
    /// The column of predicted masks: a class index for each pixel (a vector of Byte, row after row), gray images whose levels are class
    /// indices, or paths of such PNG or BMP files.
    /// </summary>
    /// <value>The default is <c>PredictedMask</c>.</value>
    public string PredictedMaskColumnName { get; init; } = DefaultColumnNames.PredictedMask;

    /// <summary>The names of the classes by index, where the column of masks does not say them.</summary>
    /// <value>The default is null: those that <c>LoadFromMasks</c> or <c>LoadFromCoco</c> noted on the column.</value>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The index of true pixels that do not count, where <see cref="Classes"/> is set; null if all do.</summary>
    /// <value>The default is 255.</value>
    public int? IgnoredIndex { get; init; } = SegmentationConfusion.DefaultIgnoredIndex;

    /// <summary>The folder that relative paths of masks start from.</summary>
    /// <value>The default is null: the working folder.</value>
    public string? MaskFolder { get; init; }

    /// <summary>
    /// The distance at which outlines still agree, as a fraction of the image's diagonal; null to leave outlines out, which take most of
    /// the time.
    /// </summary>
    /// <value>The default is 0.0075 (Csurka et al., BMVC 2013).</value>
    public double? BoundaryTolerance { get; init; } = SegmentationConfusion.DefaultBoundaryTolerance;
}
