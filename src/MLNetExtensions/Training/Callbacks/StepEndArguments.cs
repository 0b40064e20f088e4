namespace MLNetExtensions.Training.Callbacks;

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

    /// <summary>
    /// The step's inputs and targets, as the network got them (augmented, normalized); their memory is valid during the call.
    /// </summary>
    public TrainingBatch Batch { get; } = batch;
}
