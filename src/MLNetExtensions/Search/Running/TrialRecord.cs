using MLNetExtensions.Search.Samplers;

namespace MLNetExtensions.Search.Running;

/// <summary>A trial while its sweep runs.</summary>
/// <param name="number">The number, from 0.</param>
/// <param name="point">A coordinate for each dimension.</param>
internal sealed class TrialRecord(int number, double[] point)
{
    public int Number { get; } = number;

    public double[] Point { get; } = point;

    /// <summary>The results, by rung.</summary>
    public List<RungValue> Results { get; } = [];

    /// <summary>The cause if it failed; else null.</summary>
    public string? Error { get; private set; }

    public TimeSpan Duration { get; private set; }

    /// <summary>The highest rung with a result; -1 if there is none.</summary>
    public int Rung => Results.Count - 1;

    public void Reach(RungValue result)
    {
        Results.Add(result);
        Duration += result.Duration;
    }

    public void Fail(string error, TimeSpan duration)
    {
        Error = error;
        Duration += duration;
    }

    /// <summary>The best result by a metric; null if there is none.</summary>
    public RungValue? Best(SweepMetric metric) => Results.MaxBy(result => metric.ScoreOf(result.Value));

    /// <summary>The trial as samplers see it.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="rungs">The number of rungs.</param>
    public SampledTrial Sampled(SweepMetric metric, int rungs) =>
        new(
            Point,
            Rung,
            Error is not null || Rung < 0 ? double.NaN : metric.ScoreOf(Results[^1].Value),
            Rung == rungs - 1,
            Error is not null
        );
}
