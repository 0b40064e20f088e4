using System.Globalization;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers;

/// <summary>
/// Writes to the log how far a run is, with its rate and the time left: when a part begins, about every ten seconds, and when it ends.
/// Passes all reports on.
/// </summary>
/// <param name="write">Writes a line.</param>
/// <param name="next">Receives every report; null for none.</param>
/// <param name="time">The clock; null for the system's.</param>
internal sealed class ProgressLog(Action<string> write, IProgress<TrainingProgress>? next = null, TimeProvider? time = null)
    : IProgress<TrainingProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private TrainingProgress? _last;
    private long _started,
        _written,
        _startRows;

    public void Report(TrainingProgress progress)
    {
        next?.Report(progress);
        bool begins = _last is not { } last || last.Phase != progress.Phase || Rows(progress) < Rows(last);
        _last = progress;
        if (begins)
        {
            (_started, _written, _startRows) = (_time.GetTimestamp(), _time.GetTimestamp(), Rows(progress));
            write($"{Name(progress)}: {(progress.Epochs > 0 ? $"{progress.Epochs} epochs of " : "")}{progress.Total} images");
            return;
        }
        bool ends = progress.Epochs == 0 && progress.Done >= progress.Total;
        if (!ends && _time.GetElapsedTime(_written) < Interval)
            return;
        _written = _time.GetTimestamp();
        double seconds = _time.GetElapsedTime(_started).TotalSeconds;
        double rate = seconds > 0 ? (Rows(progress) - _startRows) / seconds : 0;
        string left = rate > 0 && !ends ? $", about {Text(TimeSpan.FromSeconds((RowsInAll(progress) - Rows(progress)) / rate))} left" : "";
        write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Name(progress)}: {(progress.Epochs > 0 ? $"epoch {progress.Epoch} of {progress.Epochs}, " : "")}{progress.Done} of "
                    + $"{progress.Total} images, {rate:F1} images/s{left}"
            )
        );
    }

    private static string Name(TrainingProgress progress) =>
        progress.Phase switch
        {
            TrainingPhase.Features => "Reading images",
            TrainingPhase.Head => "Training the head",
            TrainingPhase.Backbone => "Training layers of the backbone",
            _ => "Training the network",
        };

    private static long Rows(TrainingProgress progress) => Math.Max(0L, progress.Epoch - 1) * progress.Total + progress.Done;

    private static long RowsInAll(TrainingProgress progress) => Math.Max(1L, progress.Epochs) * progress.Total;

    private static string Text(TimeSpan time) =>
        time.TotalSeconds < 90 ? $"{Math.Ceiling(time.TotalSeconds):F0} s"
        : time.TotalMinutes < 90 ? $"{time.TotalMinutes:F0} min"
        : $"{time.TotalHours:F1} h";
}
