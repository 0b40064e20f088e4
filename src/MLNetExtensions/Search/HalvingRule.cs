namespace MLNetExtensions.Search;

/// <summary>The rule by which trials go on to more epochs (<see cref="Halving"/>).</summary>
public enum HalvingRule
{
    /// <summary>
    /// A trial waits at each rung until it is among the best there, one of <see cref="Halving.Factor"/> (ASHA, arXiv 1810.05934). Once no
    /// new trial begins, the best of each rung go on until <see cref="Halving.Factor"/> of them have trained to the end: trials that are slow at first
    /// are not lost to the rung before the last.
    /// </summary>
    PromoteAndFinish,

    /// <summary>The same, but at the end only one trial of each rung goes on if none has: the cheapest rule, which loses slow starters.</summary>
    Promote,

    /// <summary>
    /// A trial goes on at once if it is among the best there so far, one of <see cref="Halving.Factor"/>, and is stopped for good if not, as Optuna's
    /// SuccessiveHalvingPruner does. The first trials have nothing to be compared with, and train to the end.
    /// </summary>
    StopBelowTop,

    /// <summary>
    /// A trial goes on at once if it reaches the percentile 1 - 1/<see cref="Halving.Factor"/> of the results there before it, and is
    /// stopped for good if not, as Ray's AsyncHyperBandScheduler does.
    /// </summary>
    StopBelowPercentile,

    /// <summary>
    /// All trials reach a rung before the best go on (arXiv 1502.07943). Needs <see cref="SweepOptions.MaxTrials"/>; parallel trials wait
    /// for each other.
    /// </summary>
    Synchronous,
}
