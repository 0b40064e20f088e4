namespace MLNetExtensions.Reports.Content;

/// <summary>The rows whose predicted class has a probability within a range; without rows, confidence and accuracy are null.</summary>
internal sealed record CalibrationBinContent(double Lower, double Upper, long Count, long Correct, double? Confidence, double? Accuracy);
