namespace MLNetExtensions.Training.Metrics.Detections;

/// <summary>The metrics of one class of objects.</summary>
/// <param name="Name">The class.</param>
/// <param name="AveragePrecision">The average precision, the mean over IoU thresholds of 0.5, 0.55 to 0.95; NaN if there are no objects of
/// it.</param>
/// <param name="AveragePrecision50">The average precision at an IoU of 0.5; NaN if there are no objects of it.</param>
/// <param name="AverageRecall">The mean recall over the IoU thresholds, with up to 100 boxes an image; NaN if there are no objects of
/// it.</param>
/// <param name="Support">The number of its objects; crowds are not among them.</param>
/// <param name="Predicted">The number of boxes found as it.</param>
/// <param name="Precision50">The highest precision at an IoU of 0.5 and a recall of at least 0, 0.01 to 1: 101 values, 0 where the recall
/// is not reached; empty if there are no objects of it.</param>
/// <param name="Score50">The score of the box with which each of these recalls is reached: the threshold that gives it; NaN where it is not
/// reached.</param>
public sealed record DetectionClassMetrics(
    string Name,
    double AveragePrecision,
    double AveragePrecision50,
    double AverageRecall,
    long Support,
    long Predicted,
    IReadOnlyList<double> Precision50,
    IReadOnlyList<double> Score50
);
