namespace MLNetExtensions.Tool.Runs;

/// <summary>The figures of one class of pixels.</summary>
internal sealed record RunPixelMetrics(
    string Name,
    long Pixels,
    double? IoU,
    double? Dice,
    double? Accuracy,
    double? Precision,
    double? BoundaryF1
);
