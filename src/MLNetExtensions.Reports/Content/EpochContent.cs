namespace MLNetExtensions.Reports.Content;

/// <summary>The figures of an epoch; those that are not known or not finite are null.</summary>
internal sealed record EpochContent(
    string Phase,
    int Epoch,
    double? TrainLoss,
    double? ValidationLoss,
    double? ValidationAccuracy,
    double? ValidationMeanAbsoluteError,
    double LearningRate,
    double Seconds
)
{
    /// <summary>The mean average precision at an IoU of 0.5, of a detector.</summary>
    public double? ValidationMeanAveragePrecision50 { get; init; }

    /// <summary>The mean IoU, of a segmentation network.</summary>
    public double? ValidationMeanIoU { get; init; }
}
