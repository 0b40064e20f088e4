using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExtensions.Search.Halvings;
using MLNetExtensions.Search.Journals;

namespace MLNetExtensions.Search.Running;

/// <summary>Runs a sweep: takes what comes next, trains it, and notes its result, until nothing is left or the time is up.</summary>
/// <typeparam name="TOptions">The options.</typeparam>
internal sealed class SweepRunner<TOptions>
    where TOptions : class, new()
{
    /// <summary>The number of trials that fail, one after another from the first, before the sweep gives up.</summary>
    private const int GivesUpAfter = 10;

    private readonly object _gate = new();
    private readonly Queue<(TrialRecord Trial, int Rung)> _again = new();
    private bool _hasEnded;
    private Exception? _firstError;
    private ITransformer? _bestModel;
    private EpochTimer? _brokenOff;

    public required MLContext Context { get; init; }
    public required IChannel Channel { get; init; }
    public required DataViewSchema Schema { get; init; }
    public required SweepOptions Options { get; init; }
    public required SweepMetric Metric { get; init; }
    public required SearchSpace<TOptions> Space { get; init; }
    public required SweepState State { get; init; }
    public required SweepJournal Journal { get; init; }
    public required SweepFolder Folder { get; init; }
    public required SweepClock Clock { get; init; }
    public required TrialFitter<TOptions> Fitter { get; init; }

    /// <summary>The highest number of trials.</summary>
    public required int MaxTrials { get; init; }

    /// <summary>Canceled by the user, or because the time is up.</summary>
    public required CancellationToken Token { get; init; }

    /// <summary>The model of the best result; null where it must be trained again.</summary>
    public ITransformer? BestModel => _bestModel;

    /// <summary>The reason why the sweep ended.</summary>
    public SweepStopReason StopReason { get; private set; }

    /// <summary>How far the first training was when it was broken off, if that is all there was.</summary>
    public EpochTimer? BrokenOff => _brokenOff;

    /// <summary>The first trial's error; null if none failed.</summary>
    public Exception? FirstError => _firstError;

    /// <summary>Goes on from the journal.</summary>
    public void Resume()
    {
        foreach ((TrialRecord trial, int rung, bool wasRetried) in State.Replay(Journal.Events))
            if (wasRetried)
                Fail(trial, rung, "The process ended twice while it trained: memory may not have sufficed.", TimeSpan.Zero);
            else
            {
                Journal.Append(new JournalEvent.Retried(trial.Number, rung));
                _again.Enqueue((trial, rung));
            }
        foreach (JournalEvent.Reached reached in Journal.Events.OfType<JournalEvent.Reached>())
            if (Fitter.Rungs is { } rungs)
                Clock.Costs.Add(reached.Seconds, rungs[reached.Rung] - (reached.Rung == 0 ? 0 : rungs[reached.Rung - 1]), reached.Seconds);
            else
                Clock.Costs.Add(reached.Seconds, 0, 0);
        if (State.Trials.Count > 0)
            Info(
                $"The sweep goes on after {State.Trials.Count} trials"
                    + (State.Best is { } best ? $", the best of them {Metric.Name} {best.Result.Value:G5} (trial {best.Trial.Number})" : "")
                    + "."
            );
        if (State.Best is not null && File.Exists(Folder.BestModel))
            _bestModel = Context.Model.Load(Folder.BestModel, out _);
    }

    /// <summary>Runs until the sweep ends.</summary>
    public void Run()
    {
        Task[] others = [.. Enumerable.Range(1, Options.Parallel - 1).Select(_ => Task.Run(Work, CancellationToken.None))];
        List<Exception> errors = [];
        foreach (Action wait in others.Select(task => (Action)task.GetAwaiter().GetResult).Prepend(Work))
            try
            {
                wait();
            }
            catch (Exception e)
            {
                errors.Add(e);
            }
        if (errors.Count > 0)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(errors[0]);
    }

    private void Work()
    {
        try
        {
            while (Take() is { } job)
            {
                TrialOutcome outcome = Fitter.Fit(job.Trial, job.Rung, Measures, Token);
                lock (_gate)
                {
                    Note(job.Trial, job.Rung, outcome);
                    Monitor.PulseAll(_gate);
                }
            }
        }
        finally
        {
            // Also where a line of the journal could not be written: the others end too.
            lock (_gate)
            {
                _hasEnded = true;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private bool Measures(bool wasBrokenOff)
    {
        lock (_gate)
            return State.Best is null || (!wasBrokenOff && !Options.CancellationToken.IsCancellationRequested);
    }

    /// <returns>What is trained now; null if nothing is left.</returns>
    private (TrialRecord Trial, int Rung)? Take()
    {
        lock (_gate)
            while (true)
            {
                if (_hasEnded || Ends())
                    return null;
                if (_again.TryDequeue(out (TrialRecord, int) again))
                    return again;
                if (NextTraining() is { } next)
                {
                    Begin(next.Trial, next.Rung);
                    return next;
                }
                // Whoever runs may bring work.
                if (State.Running == 0)
                    return null;
                Monitor.Wait(_gate);
            }
    }

    private bool Ends()
    {
        if (Options.CancellationToken.IsCancellationRequested)
            StopReason = SweepStopReason.Canceled;
        else if (Token.IsCancellationRequested)
            StopReason = SweepStopReason.TimeBudget;
        return Token.IsCancellationRequested || (State.AllFailed && State.Trials.Count(trial => trial.Error is not null) >= GivesUpAfter);
    }

    private (TrialRecord Trial, int Rung)? NextTraining()
    {
        bool mayBegin = State.Trials.Count < MaxTrials;
        if (State.Halving.Next() is { } going && Fits(going.Rung))
            return (State.Trials[going.Trial], going.Rung);
        if (mayBegin && Fits(0, State.Halving))
            return (State.DrawNext(), 0);
        if (State.Running > 0)
            return null;
        if (State.Halving.NextAtTheEnd() is { } last && Fits(last.Rung))
            return (State.Trials[last.Trial], last.Rung);
        // What cannot go on to the end any more still tells something, and may be the best.
        return mayBegin && Fits(0) ? (State.DrawNext(), 0) : null;
    }

    private bool Fits(int rung, HalvingState? keepsTheEndOf = null)
    {
        int[] running = State.RunningByRung();
        running[rung]++;
        if (Clock.HasTimeFor(rung, keepsTheEndOf, running))
            return true;
        StopReason = SweepStopReason.TimeBudget;
        return false;
    }

    private void Begin(TrialRecord trial, int rung)
    {
        State.Begin(trial, rung);
        Journal.Append(
            new JournalEvent.Began(
                trial.Number,
                rung,
                rung == 0 ? trial.Point : null,
                [.. Space.Dimensions.Select((dimension, i) => KeyValuePair.Create(dimension.Name, dimension.TextOf(trial.Point[i])))]
            )
        );
        if (rung == 0)
            Info($"Trial {trial.Number}: {Describe(trial)}");
    }

    private void Note(TrialRecord trial, int rung, TrialOutcome outcome)
    {
        if (outcome.Error is { } error)
        {
            _firstError ??= error;
            Fail(trial, rung, $"{error.GetType().Name}: {error.Message}", outcome.Duration);
            Report(trial, null);
            return;
        }
        if (outcome.IsBrokenOff)
        {
            Journal.Append(new JournalEvent.BrokenOff(trial.Number, rung));
            if (outcome.Value is { } value)
                TakeModel(outcome.Model, isBest: State.IsBest(value), saves: false);
            State.BreakOff(trial, rung, outcome.Value is { } reached ? new RungValue(outcome.Epochs, reached, outcome.Duration) : null);
            _brokenOff ??= outcome.Timer;
            return;
        }
        // Without rungs a trial is one piece, whatever its epochs.
        int folds = Fitter.Parts.Count;
        Clock.Costs.Add(
            outcome.Duration.TotalSeconds / folds,
            Fitter.Rungs is null ? 0 : outcome.Epochs / folds,
            outcome.EpochTime.TotalSeconds / folds
        );
        double measured = outcome.Value!.Value;
        // The model before the line: a process that ends between them trains the trial again, and never has a line without a model.
        TakeModel(outcome.Model, State.IsBest(measured), saves: true);
        int? epochs = Fitter.EpochsAt(rung);
        Journal.Append(new JournalEvent.Reached(trial.Number, rung, measured, epochs, outcome.Duration.TotalSeconds));
        State.Reach(trial, rung, new RungValue(epochs, measured, outcome.Duration));
        if (rung == State.Halving.RungCount - 1)
            Folder.DeleteCheckpoints(trial.Number);
        Report(trial, measured);
    }

    private void TakeModel(ITransformer? model, bool isBest, bool saves)
    {
        if (!isBest)
        {
            (model as IDisposable)?.Dispose();
            return;
        }
        (_bestModel as IDisposable)?.Dispose();
        _bestModel = model;
        if (!saves || !Folder.Stays || model is null)
            return;
        try
        {
            Context.Model.SaveAtomic(model, Schema, Folder.BestModel);
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException)
        {
            Channel.Warning(
                MessageSensitivity.None,
                "{0}",
                $"The best model cannot be saved ({e.Message}). If the sweep is broken off, one that goes on from it trains the model again."
            );
        }
    }

    private void Fail(TrialRecord trial, int rung, string error, TimeSpan duration)
    {
        Journal.Append(new JournalEvent.Failed(trial.Number, rung, error, duration.TotalSeconds));
        State.Fail(trial, rung, error, duration);
        Folder.DeleteCheckpoints(trial.Number);
        Channel.Warning(MessageSensitivity.None, "{0}", $"Trial {trial.Number} failed ({Describe(trial)}): {error}");
    }

    private void Report(TrialRecord trial, double? value)
    {
        int? epochs = value is null ? null : trial.Results[^1].Epochs;
        if (value is not null)
            Info(
                $"Trial {trial.Number}{(epochs is null ? "" : $" after {epochs} epochs")}: {Metric.Name} {value:G5} (best "
                    + $"{State.Best!.Value.Result.Value:G5}, trial {State.Best.Value.Trial.Number}), "
                    + $"{trial.Results[^1].Duration.TotalSeconds:F1} s"
            );
        Options.Progress?.Report(
            new SweepProgress(
                trial.Number,
                epochs,
                value,
                value is null ? trial.Error : null,
                State.Best?.Trial.Number,
                State.Best?.Result.Value,
                State.Trials.Count,
                Clock.Elapsed
            )
        );
    }

    private string Describe(TrialRecord trial) =>
        string.Join(", ", Space.Dimensions.Select((dimension, i) => $"{dimension.Name} {dimension.TextOf(trial.Point[i])}"));

    private void Info(string message) => Channel.Info(MessageSensitivity.None, "{0}", message);
}
