namespace MLNetExtensions.Training.Callbacks;

/// <summary>
/// The base of callbacks of a training run: logs, checkpoints, plots, your own rules for stopping. Override the methods you need. They run
/// on the training thread, between steps; an exception ends the training and is thrown by Fit.
/// </summary>
/// <remarks>
/// One object may serve several runs, one after another: reset the state of a run in <see cref="OnTrainBegin"/>.
/// A fine-tuning run has two phases (<see cref="TrainingRun.Phase"/>), each with its own epochs, between one begin and one end.
/// </remarks>
public abstract class TrainingCallback
{
    /// <summary>True to request <see cref="EpochEndArguments.ValidationOutputs"/>; keeping them takes memory.</summary>
    /// <value>The default is false.</value>
    public virtual bool NeedsValidationOutputs => false;

    /// <summary>Called once, before the first step of the run, or after resuming from a checkpoint.</summary>
    public virtual void OnTrainBegin(TrainBeginArguments arguments) { }

    /// <summary>Called before the first step of each epoch.</summary>
    public virtual void OnEpochBegin(EpochBeginArguments arguments) { }

    /// <summary>Called after each step.</summary>
    public virtual void OnStepEnd(StepEndArguments arguments) { }

    /// <summary>Called after each epoch, when its validation metrics are known.</summary>
    public virtual void OnEpochEnd(EpochEndArguments arguments) { }

    /// <summary>Called once at the end, whatever the reason: close files here.</summary>
    public virtual void OnTrainEnd(TrainEndArguments arguments) { }
}
