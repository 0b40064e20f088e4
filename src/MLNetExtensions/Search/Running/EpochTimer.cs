using System.Diagnostics;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;

namespace MLNetExtensions.Search.Running;

/// <summary>Measures how long a training's epochs take, and how far it is.</summary>
internal sealed class EpochTimer : TrainingCallback
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _begun;
    private TrainingPhase _phase;

    /// <summary>The epochs trained, of the last phase: those before it, as of a head on cached features, cost little.</summary>
    public int Epochs { get; private set; }

    /// <summary>The time of those epochs.</summary>
    public TimeSpan EpochTime { get; private set; }

    /// <summary>True if the training was broken off by its cancellation.</summary>
    public bool WasCanceled { get; private set; }

    /// <summary>The part of the epoch under way that is done, 0 to 1.</summary>
    public double Part { get; private set; }

    /// <summary>The time from the start to the first step: reading and decoding.</summary>
    public TimeSpan BeforeTraining => _begun == 0 ? Stopwatch.GetElapsedTime(_started) : Stopwatch.GetElapsedTime(_started, _begun);

    /// <summary>The time since the first step.</summary>
    public TimeSpan SinceFirstStep => _begun == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_begun);

    public override void OnTrainBegin(TrainBeginArguments arguments) => _begun = Stopwatch.GetTimestamp();

    public override void OnStepEnd(StepEndArguments arguments)
    {
        int steps = arguments.Run.StepsPerEpoch;
        Part = (double)(arguments.Step - ((arguments.Epoch - 1) * steps)) / steps;
    }

    public override void OnEpochEnd(EpochEndArguments arguments)
    {
        if (arguments.Result.Phase != _phase)
            (_phase, Epochs, EpochTime) = (arguments.Result.Phase, 0, TimeSpan.Zero);
        Epochs++;
        EpochTime += arguments.Result.Duration;
        Part = 0;
    }

    public override void OnTrainEnd(TrainEndArguments arguments) => WasCanceled = arguments.Reason == StopReason.Canceled;
}
