using MLNetExtensions.Training.Callbacks;

namespace MLNetExtensions.TrainingContract.Trainers;

/// <summary>Stops a run after a step.</summary>
internal sealed class StopAtStep(int step) : TrainingCallback
{
    public override void OnEpochEnd(EpochEndArguments arguments)
    {
        if (arguments.Step == step)
            arguments.Run.RequestStop("enough");
    }

    public override void OnStepEnd(StepEndArguments arguments)
    {
        if (arguments.Step == step && step % arguments.Run.StepsPerEpoch != 0)
            arguments.Run.RequestStop("enough");
    }
}
