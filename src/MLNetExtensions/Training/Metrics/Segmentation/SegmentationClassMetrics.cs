namespace MLNetExtensions.Training.Metrics.Segmentation;

/// <summary>The metrics of one class of pixels, over all images together.</summary>
/// <param name="Name">The class.</param>
/// <param name="IoU">The intersection over the union of its true and its predicted pixels (Jaccard); NaN if there are none of both.</param>
/// <param name="Dice">Twice the intersection over the sum of both, which is F1; NaN like IoU.</param>
/// <param name="Accuracy">The fraction of its true pixels that is right (recall); NaN if there are none.</param>
/// <param name="Precision">The fraction of pixels predicted as it that is right; NaN if there are none.</param>
/// <param name="BoundaryF1">The mean, over the images where it has an outline, of F1 of the outlines' pixels (Csurka et al., BMVC 2013);
/// NaN if there are none, or if outlines were left out.</param>
/// <param name="Support">The number of its true pixels.</param>
/// <param name="Predicted">The number of pixels predicted as it, of those that count.</param>
public sealed record SegmentationClassMetrics(
    string Name,
    double IoU,
    double Dice,
    double Accuracy,
    double Precision,
    double BoundaryF1,
    long Support,
    long Predicted
);
