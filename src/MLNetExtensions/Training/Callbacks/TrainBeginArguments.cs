namespace MLNetExtensions.Training.Callbacks;

/// <summary>The arguments of <see cref="TrainingCallback.OnTrainBegin"/>.</summary>
/// <param name="run">The run.</param>
public readonly struct TrainBeginArguments(TrainingRun run)
{
    /// <summary>The run.</summary>
    public TrainingRun Run { get; } = run;
}
