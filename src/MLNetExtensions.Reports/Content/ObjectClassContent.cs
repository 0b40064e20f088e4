namespace MLNetExtensions.Reports.Content;

/// <summary>The figures of one class of objects.</summary>
/// <param name="Name">The class.</param>
/// <param name="Support">The number of its objects.</param>
/// <param name="Predicted">The number of boxes found as it.</param>
/// <param name="AveragePrecision">The average precision over IoU thresholds of 0.5 to 0.95; null without objects.</param>
/// <param name="AveragePrecision50">That at an IoU of 0.5.</param>
/// <param name="AverageRecall">The mean recall over the IoU thresholds.</param>
/// <param name="BestThreshold">The score threshold with the highest F1 at an IoU of 0.5; null without a right box.</param>
/// <param name="BestPrecision">The precision there.</param>
/// <param name="BestRecall">The recall there.</param>
/// <param name="Precision50">The highest precision at a recall of at least 0, 0.01 to 1, at an IoU of 0.5.</param>
internal sealed record ObjectClassContent(
    string Name,
    long Support,
    long Predicted,
    double? AveragePrecision,
    double? AveragePrecision50,
    double? AverageRecall,
    double? BestThreshold,
    double? BestPrecision,
    double? BestRecall,
    IReadOnlyList<double> Precision50
);
