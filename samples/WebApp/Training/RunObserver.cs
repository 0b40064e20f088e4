using System.Diagnostics;
using MLNetExtensions.Training;
using WebAppSample.Storage;

namespace WebAppSample.Training;

/// <summary>Passes the trainer's progress on, a few times a second: it reports every step.</summary>
internal sealed class RunObserver(int run, ProgressFeed feed) : IProgress<TrainingProgress>
{
    // Of the bar: what the frozen layers take, and what the epochs take.
    private const double FeaturesPart = 0.6;
    private const double EpochsPart = 0.3;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private long _last;
    private TrainingPhase? _phase;

    public void Report(TrainingProgress value)
    {
        if (_phase == value.Phase && Stopwatch.GetElapsedTime(_last) < Interval)
            return;
        (_phase, _last) = (value.Phase, Stopwatch.GetTimestamp());
        double done = (double)value.Done / Math.Max(1, value.Total);
        feed.Publish(
            value.Phase == TrainingPhase.Features
                ? new RunProgress(run, RunState.Running, $"looks at image {value.Done} of {value.Total}", FeaturesPart * done)
                : new RunProgress(
                    run,
                    RunState.Running,
                    $"epoch {value.Epoch} of {value.Epochs}",
                    FeaturesPart + EpochsPart * (Math.Max(0, value.Epoch - 1) + done) / Math.Max(1, value.Epochs),
                    value.Epoch,
                    value.Epochs,
                    value.Loss
                )
        );
    }
}
