namespace MLNetExtensions.Search.Halvings;

/// <summary>
/// Decides which trials go on. Told of everything in the order in which it happens, it decides the same again: a sweep that goes on from
/// its journal is where it was.
/// </summary>
internal abstract class HalvingState
{
    private readonly List<RungResult>[] _results;
    private readonly HashSet<int>[] _begun;

    protected HalvingState(int rungs, int factor)
    {
        (RungCount, Factor) = (rungs, factor);
        _results = [.. Enumerable.Range(0, rungs).Select(_ => new List<RungResult>())];
        _begun = [.. Enumerable.Range(0, rungs).Select(_ => new HashSet<int>())];
    }

    /// <summary>The number of rungs.</summary>
    public int RungCount { get; }

    protected int Factor { get; }

    /// <summary>The number of trials that go on from each rung at least, once no new trial begins.</summary>
    protected virtual int Finalists => 0;

    /// <summary>Makes the state of a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="rungs">The number of rungs.</param>
    /// <param name="factor">One trial of so many goes on.</param>
    /// <param name="trials">The number of trials, for the synchronous rule.</param>
    public static HalvingState Of(HalvingRule rule, int rungs, int factor, int trials) =>
        rule switch
        {
            HalvingRule.PromoteAndFinish => new PromotingHalving(rungs, factor, finalists: factor),
            HalvingRule.Promote => new PromotingHalving(rungs, factor, finalists: 1),
            HalvingRule.StopBelowTop or HalvingRule.StopBelowPercentile => new StoppingHalving(rungs, factor, rule),
            HalvingRule.Synchronous => new SynchronousHalving(rungs, factor, trials),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "unknown rule"),
        };

    /// <summary>The trial that goes on now, and the rung that it trains to; null if none does.</summary>
    public abstract (int Trial, int Rung)? Next();

    /// <summary>The same when no new trial begins any more.</summary>
    public (int Trial, int Rung)? NextAtTheEnd()
    {
        if (Next() is { } next)
            return next;
        for (int rung = RungCount - 2; rung >= 0; rung--)
            if (
                _begun[rung + 1].Count < Math.Min(Finalists, _results[rung].Count)
                && Waiting(rung).FirstOrDefault(new RungResult(-1, 0)) is { Trial: >= 0 } best
            )
                return (best.Trial, rung + 1);
        return null;
    }

    /// <summary>The steps from rung to rung that <see cref="NextAtTheEnd"/> would still make, for each rung that they lead to.</summary>
    /// <param name="running">The number of trials on their way to each rung, and of those yet to begin.</param>
    public int[] StepsAtTheEnd(IReadOnlyList<int> running)
    {
        int[] steps = new int[RungCount];
        int arriving = 0;
        for (int rung = 0; rung < RungCount - 1; rung++)
        {
            arriving += _results[rung].Count + running[rung];
            int wanted = Math.Max(Math.Min(Finalists, arriving), 0);
            steps[rung + 1] = Math.Max(0, wanted - _begun[rung + 1].Count);
            // Those that go on only now arrive there in addition.
            arriving = steps[rung + 1];
        }
        return steps;
    }

    /// <summary>A trial begins to train to a rung.</summary>
    public virtual void Begin(int trial, int rung) => _begun[rung].Add(trial);

    /// <summary>A trial has reached a rung, or failed on the way to it.</summary>
    public virtual void Report(int trial, int rung, double score) => _results[rung].Add(new RungResult(trial, score));

    /// <summary>The results at a rung, in the order of their arrival.</summary>
    protected IReadOnlyList<RungResult> ResultsAt(int rung) => _results[rung];

    /// <summary>The best of a rung first, ties by the lower number; those that failed are left out.</summary>
    protected IEnumerable<RungResult> Ranked(int rung) =>
        _results[rung]
            .Where(result => !double.IsNaN(result.Score))
            .OrderByDescending(result => result.Score)
            .ThenBy(result => result.Trial);

    /// <summary>True if a trial has begun to train to a rung.</summary>
    protected bool HasBegun(int trial, int rung) => _begun[rung].Contains(trial);

    private IEnumerable<RungResult> Waiting(int rung) => Ranked(rung).Where(result => !HasBegun(result.Trial, rung + 1));
}
