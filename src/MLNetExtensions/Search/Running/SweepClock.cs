using System.Diagnostics;
using MLNetExtensions.Search.Halvings;

namespace MLNetExtensions.Search.Running;

/// <summary>The time of a sweep: what still fits in it.</summary>
/// <param name="budget">The time in all; null for no limit.</param>
/// <param name="rungs">The epochs of each rung; null if trials are not halved.</param>
/// <param name="folds">The number of trainings of each trial.</param>
/// <param name="parallel">The number of trials at the same time.</param>
internal sealed class SweepClock(TimeSpan? budget, int[]? rungs, int folds, int parallel)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    public CostModel Costs { get; } = new();

    /// <summary>True if a trial can train to a rung, and what the sweep is to do at its end as well.</summary>
    /// <param name="rung">The rung.</param>
    /// <param name="halving">Says what is to be done at the end; null if that is what the training belongs to.</param>
    /// <param name="running">The number of trials on their way to each rung, with this one.</param>
    public bool HasTimeFor(int rung, HalvingState? halving, IReadOnlyList<int> running)
    {
        if (budget is not { } all || !Costs.IsKnown)
            return true;
        double needed = SecondsTo(rung);
        if (halving is not null)
            needed += halving.StepsAtTheEnd(running).Select((steps, to) => steps == 0 ? 0 : steps * SecondsTo(to)).Sum() / parallel;
        // Cross-validation ends with a training on all rows.
        if (folds > 1)
            needed += SecondsOfOne((rungs?[^1] ?? 1) * folds / (folds - 1.0));
        return needed <= (all - Elapsed).TotalSeconds;
    }

    /// <summary>The seconds in which a trial trains from the rung before to a rung.</summary>
    public double SecondsTo(int rung) => folds * SecondsOfOne(rungs is null ? 1 : rungs[rung] - (rung == 0 ? 0 : rungs[rung - 1]));

    private double SecondsOfOne(double epochs) => Costs.Predict(1, epochs);
}
