using MLNetExtensions.Search;
using MLNetExtensions.Search.Importance;
using Xunit;

namespace MLNetExtensions.Tests.Search.Importance;

public class FunctionalAnovaTests
{
    private static readonly SearchSpace<Point> Space = new SearchSpace<Point>()
        .Range(o => o.X, 0.0, 1.0)
        .Range(o => o.Y, 1e-3, 1.0, logBase: true)
        .Choice(o => o.Kind, "a", "b", "c");

    [Fact]
    public void Effects_of_their_own_are_found_in_their_proportion()
    {
        // Variances 1/12 * 16 and 1/12 * 4: four fifths and one fifth; Kind does nothing.
        IReadOnlyList<ParameterImportance> importance = Of((x, y, _) => (4 * x) + (2 * y));
        Assert.Equal(["X", "Y", "Kind"], importance.Select(one => one.Name));
        Assert.InRange(importance[0].Fraction, 0.7, 0.86);
        Assert.InRange(importance[1].Fraction, 0.1, 0.27);
        Assert.InRange(importance[2].Fraction, 0, 0.02);
    }

    [Fact]
    public void What_two_explain_only_together_is_nobodys_own()
    {
        IReadOnlyList<ParameterImportance> importance = Of((x, y, _) => (x > 0.5) == (y > 0.5) ? 1 : 0);
        Assert.InRange(importance.Sum(one => one.Fraction), 0, 0.2);
    }

    [Fact]
    public void A_tree_of_two_leaves_is_reckoned_by_hand()
    {
        // Four points whose value steps from 0 to 1 between 0.2 and 0.6 of the first dimension.
        RegressionTree tree = RegressionTree.Grow(
            [
                [0.1, 0.5],
                [0.2, 0.1],
                [0.6, 0.9],
                [0.9, 0.4],
            ],
            [0, 0, 1, 1],
            new Random(1)
        );
        Assert.Equal(2, tree.Leaves.Count);
        Assert.Equal([1.0, 0], FunctionalAnova.Fractions(tree, 2)!.Select(fraction => Math.Round(fraction, 9)));
    }

    [Fact]
    public void Few_results_and_equal_ones_say_nothing()
    {
        Assert.Empty(
            FunctionalAnova.Of(
                Space.Dimensions,
                [
                    [0, 0, 0],
                ],
                [1],
                1
            )
        );
        Assert.Empty(Of((_, _, _) => 0.5));
    }

    private static IReadOnlyList<ParameterImportance> Of(Func<double, double, int, double> value)
    {
        var random = new Random(4);
        double[][] units = [.. Enumerable.Range(0, 200).Select(_ => new[] { random.NextDouble(), random.NextDouble(), random.Next(3) })];
        double[][] points = [.. units.Select(unit => new[] { unit[0], Math.Log(1e-3) * (1 - unit[1]), unit[2] })];
        return FunctionalAnova.Of(Space.Dimensions, points, [.. units.Select(unit => value(unit[0], unit[1], (int)unit[2]))], seed: 1);
    }

    private sealed class Point
    {
        public double X { get; set; }
        public double Y { get; set; }
        public string Kind { get; set; } = "";
    }
}
