namespace MLNetExtensions.Training.Callbacks;

/// <summary>The arguments of <see cref="TrainingCallback.OnTrainBegin"/>.</summary>
/// <param name="run">The run.</param>
public readonly struct TrainBeginArguments(TrainingRun run)
{
    /// <summary>The run.</summary>
    public TrainingRun Run { get; } = run;
}

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

/// <summary>The arguments of <see cref="TrainingCallback.OnStepEnd"/>.</summary>
/// <param name="run">The run.</param>
/// <param name="epoch">The epoch within its phase, from 1.</param>
/// <param name="step">The step within its phase, from 1.</param>
/// <param name="loss">The step's loss, before its update.</param>
/// <param name="learningRate">The current learning rate.</param>
/// <param name="batch">The step's batch; valid during the call.</param>
public readonly struct StepEndArguments(TrainingRun run, int epoch, int step, float loss, float learningRate, TrainingBatch batch)
{
    /// <summary>The run.</summary>
    public TrainingRun Run { get; } = run;

    /// <summary>The epoch within its phase, from 1.</summary>
    public int Epoch { get; } = epoch;

    /// <summary>The step within its phase, from 1; it counts on from epoch to epoch.</summary>
    public int Step { get; } = step;

    /// <summary>The step's loss, before its update.</summary>
    public float Loss { get; } = loss;

    /// <summary>The current learning rate.</summary>
    public float LearningRate { get; } = learningRate;

    /// <summary>The step's inputs and targets, as the network got them (augmented, normalized); their memory is valid during the call.</summary>
    public TrainingBatch Batch { get; } = batch;
}

/// <summary>The arguments of <see cref="TrainingCallback.OnEpochEnd"/>.</summary>
/// <param name="run">The run.</param>
/// <param name="result">The epoch's metrics.</param>
/// <param name="step">The number of steps of its phase so far.</param>
/// <param name="isBest">True if it is the best epoch so far.</param>
/// <param name="validationOutputs">The network's outputs for the validation rows.</param>
public readonly struct EpochEndArguments(TrainingRun run, EpochResult result, int step, bool isBest, ReadOnlyMemory<float> validationOutputs)
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
    /// The network's outputs (logits) for the validation rows, <see cref="TrainingRun.OutputCount"/> values each; empty if no callback needs them.
    /// Valid during the call.
    /// </summary>
    public ReadOnlyMemory<float> ValidationOutputs { get; } = validationOutputs;
}

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
