using System.Diagnostics;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;

namespace MLNetExtensions.Search.Running;

/// <summary>Measures how long a training's epochs take, and how far it is.</summary>
internal sealed class EpochTimer : TrainingCallback
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _begun;
    private TrainingPhase? _phase;
    private long _epochBegun;
    private TimeSpan? _firstStep;
    private TimeSpan _time;
    private int _steps = 1;

    /// <summary>The epochs trained, of the last phase: those before it, as of a head on cached features, cost little.</summary>
    public int Epochs { get; private set; }

    /// <summary>
    /// The time of those epochs, as if their first step had taken as long as the others: it waits for what is made once, by the runtime too.
    /// </summary>
    public TimeSpan EpochTime =>
        _firstStep is { } first && Epochs * _steps > 1 ? (_time - first) * ((double)Epochs * _steps / ((Epochs * _steps) - 1)) : _time;

    /// <summary>True if the training was broken off by its cancellation.</summary>
    public bool WasCanceled { get; private set; }

    /// <summary>The part of the epoch under way that is done, 0 to 1.</summary>
    public double Part { get; private set; }

    /// <summary>The time from the start to the first step: reading and decoding.</summary>
    public TimeSpan BeforeTraining => _begun == 0 ? Stopwatch.GetElapsedTime(_started) : Stopwatch.GetElapsedTime(_started, _begun);

    /// <summary>The time since the first step.</summary>
    public TimeSpan SinceFirstStep => _begun == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_begun);

    public override void OnTrainBegin(TrainBeginArguments arguments) => _begun = Stopwatch.GetTimestamp();

    public override void OnEpochBegin(EpochBeginArguments arguments)
    {
        if (arguments.Run.Phase != _phase)
            (_phase, Epochs, _time, _firstStep, _steps) = (arguments.Run.Phase, 0, TimeSpan.Zero, null, arguments.Run.StepsPerEpoch);
        _epochBegun = Stopwatch.GetTimestamp();
    }

    public override void OnStepEnd(StepEndArguments arguments)
    {
        _firstStep ??= Stopwatch.GetElapsedTime(_epochBegun);
        Part = (double)(arguments.Step - ((arguments.Epoch - 1) * _steps)) / _steps;
    }

    public override void OnEpochEnd(EpochEndArguments arguments)
    {
        Epochs++;
        _time += arguments.Result.Duration;
        Part = 0;
    }

    public override void OnTrainEnd(TrainEndArguments arguments) => WasCanceled = arguments.Reason == StopReason.Canceled;
}
