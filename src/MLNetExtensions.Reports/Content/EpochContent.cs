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
);
