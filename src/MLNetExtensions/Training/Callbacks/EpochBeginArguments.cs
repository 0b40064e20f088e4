namespace MLNetExtensions.Training.Callbacks;

/// <summary>The arguments of <see cref="TrainingCallback.OnEpochBegin"/>.</summary>
/// <param name="run">The run.</param>
/// <param name="epoch">The epoch within its phase, from 1.</param>
public readonly struct EpochBeginArguments(TrainingRun run, int epoch)
{
    /// <summary>The run.</summary>
    public TrainingRun Run { get; } = run;

    /// <summary>The epoch within its phase, from 1.</summary>
    public int Epoch { get; } = epoch;
}
