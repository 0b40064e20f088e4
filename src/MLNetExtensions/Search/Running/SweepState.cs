using MLNetExtensions.Search.Halvings;
using MLNetExtensions.Search.Journals;
using MLNetExtensions.Search.Samplers;
using MLNetExtensions.Search.Spaces;
using MLNetExtensions.Training;

namespace MLNetExtensions.Search.Running;

/// <summary>
/// What a sweep knows: its trials, what runs, and who goes on. It follows from the journal's lines alone, so that a sweep that was broken
/// off makes the same decisions as one that was not.
/// </summary>
/// <param name="dimensions">The dimensions of the space.</param>
/// <param name="sampler">Draws new trials.</param>
/// <param name="halving">Decides who goes on.</param>
/// <param name="metric">The metric.</param>
/// <param name="seed">The seed of the draws.</param>
internal sealed class SweepState(
    IReadOnlyList<Dimension> dimensions,
    TrialSampler sampler,
    HalvingState halving,
    SweepMetric metric,
    int seed
)
{
    private readonly List<TrialRecord> _trials = [];
    private readonly HashSet<(int Trial, int Rung)> _running = [];

    public IReadOnlyList<TrialRecord> Trials => _trials;

    public int Running => _running.Count;

    public HalvingState Halving { get; } = halving;

    /// <summary>The best trial so far, with its best result; null while there is none.</summary>
    public (TrialRecord Trial, RungValue Result)? Best { get; private set; }

    /// <summary>True if trials have ended, and all of them failed.</summary>
    public bool AllFailed => Best is null && _trials.Exists(trial => trial.Error is not null);

    /// <summary>The number of running trials by the rung that they train to.</summary>
    public int[] RunningByRung() => [.. Enumerable.Range(0, Halving.RungCount).Select(rung => _running.Count(job => job.Rung == rung))];

    /// <summary>Draws the next new trial. It is not part of the state before <see cref="Begin"/>.</summary>
    public TrialRecord DrawNext() =>
        new(
            _trials.Count,
            sampler.Draw(
                dimensions,
                [.. _trials.Select(trial => trial.Sampled(metric, Halving.RungCount))],
                new Random(RunSeed.Of(seed, _trials.Count))
            )
        );

    /// <summary>A trial begins to train to a rung.</summary>
    public void Begin(TrialRecord trial, int rung)
    {
        if (rung == 0)
            _trials.Add(trial);
        _running.Add((trial.Number, rung));
        Halving.Begin(trial.Number, rung);
    }

    /// <summary>A trial has reached a rung.</summary>
    /// <returns>True if this is the best result so far.</returns>
    public bool Reach(TrialRecord trial, int rung, RungValue result)
    {
        _running.Remove((trial.Number, rung));
        trial.Reach(result);
        Halving.Report(trial.Number, rung, metric.ScoreOf(result.Value));
        if (!IsBest(result.Value))
            return false;
        Best = (trial, result);
        return true;
    }

    /// <summary>True if a value would be the best so far. The first of equal ones stays the best.</summary>
    public bool IsBest(double value) => Best is not { } best || metric.ScoreOf(value) > metric.ScoreOf(best.Result.Value);

    /// <summary>A trial has failed on the way to a rung.</summary>
    public void Fail(TrialRecord trial, int rung, string error, TimeSpan duration)
    {
        _running.Remove((trial.Number, rung));
        trial.Fail(error, duration);
        Halving.Report(trial.Number, rung, double.NaN);
    }

    /// <summary>A trial was broken off on the way to a rung, and nothing else begins.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="rung">The rung.</param>
    /// <param name="result">What it had reached, if that is all there is.</param>
    public void BreakOff(TrialRecord trial, int rung, RungValue? result)
    {
        _running.Remove((trial.Number, rung));
        if (result is null)
            return;
        trial.Reach(result);
        if (IsBest(result.Value))
            Best = (trial, result);
    }

    /// <summary>Goes through the lines of a journal.</summary>
    /// <returns>The trainings that ran when the process ended, and whether they had been retried before.</returns>
    public IReadOnlyList<(TrialRecord Trial, int Rung, bool WasRetried)> Replay(IReadOnlyList<JournalEvent> events)
    {
        HashSet<(int Trial, int Rung)> retried = [];
        foreach (JournalEvent entry in events)
            switch (entry)
            {
                case JournalEvent.Began { Point: { } point }:
                    Begin(new TrialRecord(entry.Trial, point), 0);
                    break;
                case JournalEvent.Began:
                    Begin(_trials[entry.Trial], entry.Rung);
                    break;
                case JournalEvent.Retried:
                    retried.Add((entry.Trial, entry.Rung));
                    break;
                case JournalEvent.BrokenOff:
                    retried.Remove((entry.Trial, entry.Rung));
                    break;
                case JournalEvent.Reached reached:
                    Reach(
                        _trials[entry.Trial],
                        entry.Rung,
                        new RungValue(reached.Epochs, reached.Value, TimeSpan.FromSeconds(reached.Seconds))
                    );
                    break;
                case JournalEvent.Failed failed:
                    Fail(_trials[entry.Trial], entry.Rung, failed.Error, TimeSpan.FromSeconds(failed.Seconds));
                    break;
            }
        return [.. _running.Order().Select(job => (_trials[job.Trial], job.Rung, retried.Contains(job)))];
    }
}
