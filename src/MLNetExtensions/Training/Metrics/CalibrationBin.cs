namespace MLNetExtensions.Training.Metrics;

/// <summary>The rows whose predicted class has a probability within a range.</summary>
/// <param name="Lower">The range's lower end, excluded (except 0).</param>
/// <param name="Upper">The range's upper end, included.</param>
/// <param name="Count">The number of rows.</param>
/// <param name="Confidence">The mean probability of the predicted class; NaN without rows.</param>
/// <param name="Accuracy">The fraction of rows predicted correctly; NaN without rows.</param>
public readonly record struct CalibrationBin(double Lower, double Upper, long Count, double Confidence, double Accuracy);
