namespace MLNetExtensions.Training.Metrics.Detections;

/// <summary>An error of a kind that an object detector makes.</summary>
/// <param name="Count">The number of boxes (of objects, for missed ones) with this error.</param>
/// <param name="DeltaAveragePrecision">The mean average precision at an IoU of 0.5 that would be gained if no box had it.</param>
public sealed record DetectionError(long Count, double DeltaAveragePrecision);
