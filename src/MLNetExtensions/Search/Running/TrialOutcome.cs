using Microsoft.ML;

namespace MLNetExtensions.Search.Running;

/// <summary>The outcome of a trial's training to a rung.</summary>
internal sealed record TrialOutcome
{
    /// <summary>The metric; null if it failed or was broken off before it could be measured.</summary>
    public double? Value { get; init; }

    /// <summary>The trained model; null if there is none, or several (cross-validation).</summary>
    public ITransformer? Model { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>The cause if it failed; else null.</summary>
    public Exception? Error { get; init; }

    /// <summary>True if it was broken off: by cancellation, or because the time was up.</summary>
    public bool IsBrokenOff { get; init; }

    /// <summary>The epochs that it trained this time, and the time that they took.</summary>
    public int Epochs { get; init; }

    public TimeSpan EpochTime { get; init; }

    /// <summary>How far it was when it was broken off.</summary>
    public EpochTimer? Timer { get; init; }
}
