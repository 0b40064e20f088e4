using System.Diagnostics;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;

namespace MLNetExtensions.Tool.Training;

/// <summary>Follows a run: tells the display, keeps status.json up to date, and stops training when its time is up.</summary>
internal sealed class RunMonitor : TrainingCallback, IProgress<TrainingProgress>
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(1);

    private readonly RunFolder _run;
    private readonly ITrainingDisplay _display;
    private readonly TimeSpan? _limit;
    private readonly long _started = Stopwatch.GetTimestamp();

    private TrainingPhase? _phase;
    private long _phaseStarted,
        _statusWritten;
    private long _doneBefore;
    private EpochResult? _best;

    /// <param name="run">The run's folder.</param>
    /// <param name="status">Its first status.</param>
    /// <param name="display">Shows it.</param>
    /// <param name="limit">The time that training may take; null for no limit.</param>
    public RunMonitor(RunFolder run, RunStatus status, ITrainingDisplay display, TimeSpan? limit)
    {
        (_run, Status, _display, _limit) = (run, status, display, limit);
        WriteStatus();
    }

    /// <summary>What status.json says.</summary>
    public RunStatus Status { get; private set; }

    /// <summary>Changes the status and writes it.</summary>
    public void Set(Func<RunStatus, RunStatus> change)
    {
        Status = change(Status);
        WriteStatus();
    }

    public void Report(TrainingProgress value)
    {
        long done = (long)(Math.Max(1, value.Epoch) - 1) * value.Total + value.Done;
        if (_phase != value.Phase)
            (_phase, _phaseStarted, _doneBefore) = (value.Phase, Stopwatch.GetTimestamp(), done);
        double seconds = Stopwatch.GetElapsedTime(_phaseStarted).TotalSeconds;
        double rate = seconds > 0 ? (done - _doneBefore) / seconds : 0;
        long left = (long)Math.Max(1, value.Epochs) * value.Total - done;
        var moment = new TrainingMoment(value.Phase, value.Epoch, value.Epochs, value.Done, value.Total)
        {
            Loss = value.Loss,
            ImagesPerSecond = rate,
            Left = rate > 0 ? Limited(TimeSpan.FromSeconds(left / rate)) : null,
            Best = _best,
        };
        Status = Status with
        {
            Phase = moment.PhaseText,
            Epoch = value.Epoch,
            Epochs = value.Epochs,
            ImagesPerSecond = Math.Round(rate, 1),
            SecondsLeft = moment.Left is { } time ? Math.Round(time.TotalSeconds, 1) : null,
        };
        _display.Update(moment);
        if (Stopwatch.GetElapsedTime(_statusWritten) >= StatusInterval)
            WriteStatus();
    }

    public override void OnTrainBegin(TrainBeginArguments arguments)
    {
        Status = Status with { TrainingImages = arguments.Run.TrainingRows, ValidationImages = arguments.Run.ValidationRows };
        WriteStatus();
    }

    public override void OnStepEnd(StepEndArguments arguments)
    {
        // Before an epoch has ended there is no best model to keep.
        if (_limit is { } limit && arguments.Run.History.Count > 0 && Stopwatch.GetElapsedTime(_started) >= limit)
            arguments.Run.RequestStop($"the time limit of {Settings.Durations.Clock(limit)} was reached");
    }

    public override void OnEpochEnd(EpochEndArguments arguments)
    {
        if (arguments.IsBest)
            _best = arguments.Result;
        Status = Status with { BestValidationAccuracy = _best?.ValidationAccuracy, BestValidationLoss = _best?.ValidationLoss };
        _display.EpochEnded(arguments.Result, arguments.Run.Epochs, arguments.IsBest);
    }

    private TimeSpan Limited(TimeSpan left) =>
        _limit is { } limit && limit - Stopwatch.GetElapsedTime(_started) is var rest && rest < left
            ? (rest > TimeSpan.Zero ? rest : TimeSpan.Zero)
            : left;

    private void WriteStatus()
    {
        _statusWritten = Stopwatch.GetTimestamp();
        Status = Status with { Updated = DateTime.UtcNow };
        _run.Write(Status);
    }
}
