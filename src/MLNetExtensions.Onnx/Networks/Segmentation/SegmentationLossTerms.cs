namespace MLNetExtensions.Onnx.Networks.Segmentation;

/// <summary>The terms of the loss of a segmentation network, with their weights; 0 leaves one out.</summary>
/// <param name="CrossEntropy">The weight of cross-entropy, a mean over pixels.</param>
/// <param name="Dice">The weight of the Dice loss, 1 - Dice, a mean over the classes of the image.</param>
/// <param name="Lovasz">The weight of the Lovasz-softmax loss.</param>
/// <param name="FocalGamma">The focusing exponent of cross-entropy; 0 for none.</param>
/// <param name="ClassWeights">A weight of each class in cross-entropy; null for equal ones.</param>
internal sealed record SegmentationLossTerms(
    float CrossEntropy,
    float Dice,
    float Lovasz,
    float FocalGamma,
    IReadOnlyList<float>? ClassWeights
);
