namespace MLNetExtensions.Training.Callbacks;

/// <summary>
/// Code that a training run calls as it goes: logs, checkpoints, plots, own rules for stopping. Override what is of interest. The methods run on
/// the training thread, between steps; what they throw ends the training and comes out of Fit.
/// </summary>
/// <remarks>
/// One object may serve several runs, one after another: whatever it remembers of a run must be reset in <see cref="OnTrainBegin"/>.
/// A fine-tuning run has two phases (<see cref="TrainingRun.Phase"/>), each with its own epochs, between one begin and one end.
/// </remarks>
public abstract class TrainingCallback
{
    /// <summary>True to request <see cref="EpochEndArguments.ValidationOutputs"/>; keeping them takes memory.</summary>
    /// <value>The default is false.</value>
    public virtual bool NeedsValidationOutputs => false;

    /// <summary>Called once, before the first step of the run, or of its continuation from a checkpoint.</summary>
    public virtual void OnTrainBegin(TrainBeginArguments arguments)
    {
    }

    /// <summary>Called before the first step of each epoch.</summary>
    public virtual void OnEpochBegin(EpochBeginArguments arguments)
    {
    }

    /// <summary>Called after each step.</summary>
    public virtual void OnStepEnd(StepEndArguments arguments)
    {
    }

    /// <summary>Called after each epoch, when its validation figures are known.</summary>
    public virtual void OnEpochEnd(EpochEndArguments arguments)
    {
    }

    /// <summary>Called once at the end, however it came: files are to be closed here.</summary>
    public virtual void OnTrainEnd(TrainEndArguments arguments)
    {
    }
}
