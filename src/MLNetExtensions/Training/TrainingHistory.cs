namespace MLNetExtensions.Training;

/// <summary>The history of a training run. It is also saved in the model's ONNX metadata.</summary>
public sealed record TrainingHistory
{
    /// <summary>The epochs, in order; those of the head come first.</summary>
    public required IReadOnlyList<EpochResult> Epochs { get; init; }

    /// <summary>The reason why training ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>Details of the reason: the step at which the loss was not finite, the epoch that early stopping chose.</summary>
    public string StopMessage { get; init; } = "";

    /// <summary>The epoch whose weights the model has, an index into <see cref="Epochs"/>; -1 if no epoch was completed.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>The runtime that trained, with its version.</summary>
    public required string Runtime { get; init; }

    /// <summary>The device, threads and precision in use.</summary>
    public required string Device { get; init; }

    /// <summary>The fraction of all epochs' time that training waited for data, 0 to 1.</summary>
    public double DataWaitFraction
    {
        get
        {
            TimeSpan total = Epochs.Aggregate(TimeSpan.Zero, (sum, epoch) => sum + epoch.Duration);
            return total > TimeSpan.Zero ? Epochs.Aggregate(TimeSpan.Zero, (sum, epoch) => sum + epoch.DataWait) / total : 0;
        }
    }

    /// <summary>The checkpoint that the run resumed from; null if it started from scratch.</summary>
    public string? ResumedFrom { get; init; }
}
