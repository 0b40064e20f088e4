namespace MLNetExtensions.Onnx.Networks.Detection;

/// <summary>What of a detector's loss can be chosen.</summary>
/// <param name="FocalGamma">The exponent of quality focal loss; 0 for binary cross-entropy.</param>
/// <param name="ClassWeights">A weight for each class's scores; null for equal ones.</param>
internal sealed record DetectionLossTerms(float FocalGamma = 0, IReadOnlyList<float>? ClassWeights = null);
