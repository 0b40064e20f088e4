namespace MLNetExtensions.Training.Callbacks;

/// <summary>The arguments of <see cref="TrainingCallback.OnEpochEnd"/>.</summary>
/// <param name="run">The run.</param>
/// <param name="result">The epoch's metrics.</param>
/// <param name="step">The number of steps of its phase so far.</param>
/// <param name="isBest">True if it is the best epoch so far.</param>
/// <param name="validationOutputs">The network's outputs for the validation rows.</param>
public readonly struct EpochEndArguments(
    TrainingRun run,
    EpochResult result,
    int step,
    bool isBest,
    ReadOnlyMemory<float> validationOutputs
)
{
    /// <summary>The run.</summary>
    public TrainingRun Run { get; } = run;

    /// <summary>The epoch's metrics.</summary>
    public EpochResult Result { get; } = result;

    /// <summary>The number of steps of its phase so far.</summary>
    public int Step { get; } = step;

    /// <summary>True if this is the best epoch so far, by the validation loss; without a validation set every epoch is.</summary>
    public bool IsBest { get; } = isBest;

    /// <summary>
    /// The network's outputs (logits) for the validation rows, <see cref="TrainingRun.OutputCount"/> values each; empty if no callback
    /// needs them. Valid during the call.
    /// </summary>
    public ReadOnlyMemory<float> ValidationOutputs { get; } = validationOutputs;
}
