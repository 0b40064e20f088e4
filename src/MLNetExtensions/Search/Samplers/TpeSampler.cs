using MLNetExtensions.Imaging;
using MLNetExtensions.Search.Spaces;

namespace MLNetExtensions.Search.Samplers;

/// <summary>
/// The tree-structured Parzen estimator (NIPS 2011, Bergstra et al.), as Optuna 4 computes it: draws candidates around the best tenth of
/// the trials, and takes the one whose density there is the highest beside the density of the others. Running trials count as others, so
/// that trials at the same time do not repeat one point.
/// </summary>
public sealed record TpeSampler : TrialSampler
{
    private const int MostGood = 25,
        Newest = 25;

    /// <summary>The number of trials that are drawn evenly first.</summary>
    /// <value>The default is 10.</value>
    public int StartupTrials { get; init; } = 10;

    /// <summary>The number of candidates to choose from.</summary>
    /// <value>The default is 24.</value>
    public int Candidates { get; init; } = 24;

    /// <summary>
    /// True to estimate all hyper-parameters together, so that what suits each other is drawn together; false to estimate each alone.
    /// </summary>
    /// <value>The default is true.</value>
    public bool IsMultivariate { get; init; } = true;

    internal override void Check(SettingChecks checks)
    {
        checks.AtLeast(StartupTrials, 1);
        checks.AtLeast(Candidates, 1);
    }

    internal override double[] Draw(IReadOnlyList<Dimension> dimensions, IReadOnlyList<SampledTrial> trials, Random random)
    {
        if (trials.Count < StartupTrials)
            return DrawEvenly(dimensions, random);
        (double[][] good, double[][] others) = Divide(trials);
        if (IsMultivariate)
            return Choose([.. dimensions], good, others, random);
        double[] point = new double[dimensions.Count];
        for (int i = 0; i < point.Length; i++)
            point[i] = Choose([dimensions[i]], Column(good, i), Column(others, i), random)[0];
        return point;
    }

    /// <summary>The points of the best trials, and those of the others, both by number.</summary>
    internal static (double[][] Good, double[][] Others) Divide(IReadOnlyList<SampledTrial> trials)
    {
        int[] ranked =
        [
            .. Enumerable
                .Range(0, trials.Count)
                .Where(i => !double.IsNaN(trials[i].Score) && !trials[i].HasFailed)
                .OrderByDescending(i => trials[i].IsComplete)
                .ThenByDescending(i => trials[i].Rung)
                .ThenByDescending(i => trials[i].Score)
                .ThenBy(i => i),
        ];
        HashSet<int> good = [.. ranked.Take(Math.Min((ranked.Length + 9) / 10, MostGood))];
        return (
            [.. good.Order().Select(i => trials[i].Point)],
            [.. Enumerable.Range(0, trials.Count).Where(i => !good.Contains(i)).Select(i => trials[i].Point)]
        );
    }

    /// <summary>The weights of points by their age: the newest count whole, older ones less.</summary>
    internal static double[] WeightsByAge(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                    count < Newest || i >= count - Newest ? 1
                    : count - Newest == 1 ? 1.0 / count
                    : (1.0 / count) + ((1 - (1.0 / count)) * i / (count - Newest - 1))
                ),
        ];

    private double[] Choose(Dimension[] dimensions, double[][] good, double[][] others, Random random)
    {
        var near = new ParzenEstimator(dimensions, good, WeightsByAge(good.Length), IsMultivariate);
        var far = new ParzenEstimator(dimensions, others, WeightsByAge(others.Length), IsMultivariate);
        double[] best = [];
        double highest = double.NegativeInfinity;
        for (int i = 0; i < Candidates; i++)
        {
            double[] candidate = near.Draw(random);
            double ratio = near.LogDensity(candidate) - far.LogDensity(candidate);
            if (best.Length == 0 || ratio > highest)
                (best, highest) = (candidate, ratio);
        }
        return best;
    }

    private static double[][] Column(double[][] points, int dimension) => [.. points.Select(point => new[] { point[dimension] })];
}
