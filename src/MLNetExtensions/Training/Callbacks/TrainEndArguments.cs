namespace MLNetExtensions.Training.Callbacks;

/// <summary>The arguments of <see cref="TrainingCallback.OnTrainEnd"/>.</summary>
/// <param name="run">The run.</param>
/// <param name="reason">The reason why training ended.</param>
/// <param name="message">Details of the reason.</param>
public readonly struct TrainEndArguments(TrainingRun run, StopReason reason, string message)
{
    /// <summary>The run.</summary>
    public TrainingRun Run { get; } = run;

    /// <summary>The reason why training ended.</summary>
    public StopReason Reason { get; } = reason;

    /// <summary>Details of the reason.</summary>
    public string Message { get; } = message;
}
