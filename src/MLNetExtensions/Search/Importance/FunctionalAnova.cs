using MLNetExtensions.Search.Spaces;

namespace MLNetExtensions.Search.Importance;

/// <summary>
/// The importance of hyper-parameters by functional ANOVA (ICML 2014, Hutter et al.): a forest learns the metric over the space, and the
/// variance of its mean along one dimension, over all the others, is that dimension's own part of the whole variance.
/// </summary>
internal static class FunctionalAnova
{
    /// <summary>The fewest results that say something.</summary>
    public const int FewestTrials = 8;

    private const int Trees = 64;

    /// <summary>The importance of each dimension, the largest first; empty with too few results, or if all are equal.</summary>
    /// <param name="dimensions">The dimensions.</param>
    /// <param name="points">The points of trials.</param>
    /// <param name="values">Their values.</param>
    /// <param name="seed">The seed of the forest.</param>
    public static IReadOnlyList<ParameterImportance> Of(
        IReadOnlyList<Dimension> dimensions,
        IReadOnlyList<double[]> points,
        IReadOnlyList<double> values,
        int seed
    )
    {
        if (points.Count < FewestTrials)
            return [];
        double[][] units = [.. points.Select(point => point.Select((x, d) => Unit(dimensions[d], x)).ToArray())];
        double[] sums = new double[dimensions.Count];
        int trees = 0;
        for (int tree = 0; tree < Trees; tree++)
        {
            var random = new Random(Training.RunSeed.Of(seed, tree));
            int[] rows = [.. Enumerable.Range(0, units.Length).Select(_ => random.Next(units.Length))];
            RegressionTree grown = RegressionTree.Grow([.. rows.Select(row => units[row])], [.. rows.Select(row => values[row])], random);
            if (Fractions(grown, dimensions.Count) is not { } fractions)
                continue;
            trees++;
            for (int d = 0; d < sums.Length; d++)
                sums[d] += fractions[d];
        }
        return trees == 0
            ? []
            :
            [
                .. dimensions
                    .Select((dimension, d) => new ParameterImportance(dimension.Name, sums[d] / trees))
                    .OrderByDescending(importance => importance.Fraction)
                    .ThenBy(importance => importance.Name, StringComparer.Ordinal),
            ];
    }

    /// <summary>The part of a tree's variance that each dimension explains alone; null for a tree of one value.</summary>
    internal static double[]? Fractions(RegressionTree tree, int dimensions)
    {
        double[] volumes =
        [
            .. tree.Leaves.Select(leaf => leaf.Low.Zip(leaf.High, (low, high) => high - low).Aggregate(1.0, (a, b) => a * b)),
        ];
        double mean = tree.Leaves.Select((leaf, i) => volumes[i] * leaf.Value).Sum();
        double variance = tree.Leaves.Select((leaf, i) => volumes[i] * (leaf.Value - mean) * (leaf.Value - mean)).Sum();
        if (variance <= 0)
            return null;
        double[] fractions = new double[dimensions];
        for (int d = 0; d < dimensions; d++)
        {
            double[] borders = [.. tree.Leaves.SelectMany(leaf => new[] { leaf.Low[d], leaf.High[d] }).Distinct().Order()];
            for (int b = 0; b + 1 < borders.Length; b++)
            {
                // The mean over all other dimensions, between two borders of this one.
                double along = 0;
                for (int i = 0; i < tree.Leaves.Count; i++)
                    if (tree.Leaves[i].Low[d] <= borders[b] && tree.Leaves[i].High[d] >= borders[b + 1])
                        along += volumes[i] / (tree.Leaves[i].High[d] - tree.Leaves[i].Low[d]) * tree.Leaves[i].Value;
                fractions[d] += (borders[b + 1] - borders[b]) * (along - mean) * (along - mean) / variance;
            }
        }
        return fractions;
    }

    private static double Unit(Dimension dimension, double coordinate) => (coordinate - dimension.Low) / (dimension.High - dimension.Low);
}
