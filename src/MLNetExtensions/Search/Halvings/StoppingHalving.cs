namespace MLNetExtensions.Search.Halvings;

/// <summary>Decides at once, when a trial reaches a rung, whether it goes on. A trial that is stopped stays so.</summary>
internal sealed class StoppingHalving(int rungs, int factor, HalvingRule rule) : HalvingState(rungs, factor)
{
    private readonly Queue<(int Trial, int Rung)> _goesOn = new();

    public override (int Trial, int Rung)? Next() => _goesOn.TryPeek(out (int, int) next) ? next : null;

    public override void Begin(int trial, int rung)
    {
        base.Begin(trial, rung);
        if (_goesOn.TryPeek(out (int Trial, int Rung) next) && next == (trial, rung))
            _goesOn.Dequeue();
    }

    public override void Report(int trial, int rung, double score)
    {
        double[] before = [.. Ranked(rung).Select(result => result.Score)];
        base.Report(trial, rung, score);
        if (rung < RungCount - 1 && !double.IsNaN(score) && Reaches(score, before, ResultsAt(rung).Count))
            _goesOn.Enqueue((trial, rung + 1));
    }

    /// <param name="score">The new result.</param>
    /// <param name="before">Those before it, the best first.</param>
    /// <param name="count">The number of results with it, also of trials that failed.</param>
    private bool Reaches(double score, double[] before, int count) =>
        rule == HalvingRule.StopBelowTop
            // The first ones are compared with the best of them.
            ? before.Count(other => other > score) < Math.Max(1, count / Factor)
            : before.Length == 0 || score >= Percentile(before);

    /// <summary>The percentile 1 - 1/factor, between two values in proportion (NumPy's).</summary>
    private double Percentile(double[] best)
    {
        double place = (best.Length - 1) / (double)Factor;
        int above = (int)place;
        return above + 1 < best.Length ? best[above] + ((best[above + 1] - best[above]) * (place - above)) : best[above];
    }
}
