namespace MLNetExtensions.Reports.Content;

/// <summary>The training run.</summary>
internal sealed record TrainingContent
{
    public required int TrainingRows { get; init; }

    public required int ValidationRows { get; init; }

    public required string Runtime { get; init; }

    public required string Device { get; init; }

    public required string StopReason { get; init; }

    public required string StopMessage { get; init; }

    /// <summary>The epoch that the model has its weights of, an index into <see cref="Epochs"/>; null if none was completed.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>The seconds of all epochs.</summary>
    public required double Seconds { get; init; }

    public required double DataWaitFraction { get; init; }

    /// <summary>The temperature of calibrated probabilities; null if they were not calibrated.</summary>
    public double? Temperature { get; init; }

    public string? ResumedFrom { get; init; }

    public required int InvalidImages { get; init; }

    public required IReadOnlyList<EpochContent> Epochs { get; init; }
}
