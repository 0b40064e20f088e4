namespace MLNetExtensions.Training.Checkpoints;

/// <summary>A run's position, as it stands in JSON before the tensors of a checkpoint.</summary>
internal sealed record CheckpointManifest
{
    public required Dictionary<string, string> Settings { get; init; }

    public required TrainingPhase Phase { get; init; }

    public required LoopState Loop { get; init; }

    /// <summary>True if the session's weights come from an epoch whose result is not yet known to be finite.</summary>
    public bool IsUnproven { get; init; }

    public required IReadOnlyList<EpochResult> History { get; init; }
}
