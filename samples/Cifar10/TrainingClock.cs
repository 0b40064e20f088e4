using System.Diagnostics;
using MLNetExtensions.Training.Callbacks;

namespace Cifar10;

/// <summary>Measures a run without what is done between its epochs: measuring, and printing.</summary>
internal class TrainingClock : TrainingCallback
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>The time spent since this was made.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    public override void OnEpochBegin(EpochBeginArguments arguments) => _clock.Start();

    public override void OnStepEnd(StepEndArguments arguments)
    {
        if (arguments.Step % arguments.Run.StepsPerEpoch == 0)
            _clock.Stop();
    }

    public override void OnEpochEnd(EpochEndArguments arguments)
    {
        string accuracy = arguments.Result.ValidationAccuracy is { } share ? $", accuracy {100 * share:F2} %" : "";
        Console.WriteLine($"  after {Elapsed.TotalSeconds, 6:F1} s: loss {arguments.Result.TrainLoss:F3}{accuracy}");
    }

    public override void OnTrainEnd(TrainEndArguments arguments) => _clock.Start();
}
