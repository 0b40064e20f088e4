using MLNetExtensions.Training;

namespace MLNetExtensions.Tool.Training;

/// <summary>Where a run is, for displays.</summary>
internal sealed record TrainingMoment(TrainingPhase Phase, int Epoch, int Epochs, long Done, long Total)
{
    /// <summary>The mean loss of the epoch so far; null while features are computed.</summary>
    public double? Loss { get; init; }

    public double ImagesPerSecond { get; init; }

    /// <summary>The time that the phase still takes.</summary>
    public TimeSpan? Left { get; init; }

    /// <summary>The best epoch so far; null before the first has ended.</summary>
    public EpochResult? Best { get; init; }

    /// <summary>The phase in words.</summary>
    public string PhaseText =>
        Phase switch
        {
            TrainingPhase.Features => "features",
            TrainingPhase.Head => "head",
            _ => "layers",
        };

    /// <summary>The best epoch in words.</summary>
    public string BestText =>
        Best switch
        {
            null => "",
            { ValidationMeanAveragePrecision50: { } precision } => $"best mAP@0.5 {precision:P1}",
            { ValidationMeanIoU: { } overlap } => $"best mean IoU {overlap:P1}",
            { ValidationAccuracy: { } accuracy } => $"best {accuracy:P1}",
            { ValidationLoss: { } loss } => $"best loss {loss:F4}",
            _ => $"loss {Best.TrainLoss:F4}",
        };
}
