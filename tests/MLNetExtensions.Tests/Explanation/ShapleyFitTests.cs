using System.Text.Json;
using MLNetExtensions.Explanation.Superpixels;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Explanation;

/// <summary>Kernel SHAP and LIME on the set function of tests/Golden/tuning/shap_lime.json.</summary>
public class ShapleyFitTests
{
    private static readonly JsonElement Golden = GoldenJson.Read("tuning", "shap_lime.json");
    private static readonly bool[][] All = Rows(Golden.GetProperty("coalitions"));
    private static readonly double[] Values = Golden.GetProperty("values").Doubles();

    [Fact]
    public void All_coalitions_give_shapleys_values()
    {
        int[] inner = [.. Enumerable.Range(0, 64).Where(i => All[i].Contains(true) && All[i].Contains(false))];

        AssertClose(Golden.GetProperty("shapley").Doubles(), Fit(inner), 1e-12);
        AssertClose(Golden.GetProperty("kernel_full").Doubles(), Fit(inner), 1e-12);
    }

    [Fact]
    public void Some_coalitions_give_the_golden_regression()
    {
        JsonElement some = Golden.GetProperty("kernel_20");
        int[] rows = [.. some.GetProperty("rows").EnumerateArray().Select(row => row.GetInt32())];

        AssertClose(some.GetProperty("values").Doubles(), Fit(rows), 1e-9);
    }

    [Fact]
    public void Sizes_have_the_golden_weights()
    {
        foreach (JsonProperty weight in Golden.GetProperty("kernel_weights").EnumerateObject())
            Assert.Equal(
                weight.Value.GetDouble(),
                ShapleyFit.Weight(6, int.Parse(weight.Name, System.Globalization.CultureInfo.InvariantCulture)),
                1e-15
            );
    }

    [Fact]
    public void Coalitions_are_all_where_they_can_be_afforded()
    {
        var coalitions = new Coalitions(6, 62, new Random(1));

        Assert.Equal(62, coalitions.Members.Select(c => string.Concat(c.Select(isIn => isIn ? 1 : 0))).Distinct().Count());
        Assert.Equal(62, coalitions.Members.Count);
        double[] scores = [.. coalitions.Members.Select(ScoreOf)];
        AssertClose(
            Golden.GetProperty("shapley").Doubles(),
            ShapleyFit.Of(coalitions.Members, coalitions.Weights, scores, ScoreOf(new bool[6]), ScoreOf([.. Enumerable.Repeat(true, 6)])),
            1e-12
        );
    }

    /// <summary>Where sizes are drawn, the drawn ones have together the weight that all of them would have.</summary>
    [Theory]
    [InlineData(6, 20)]
    [InlineData(13, 1000)]
    [InlineData(40, 500)]
    public void Drawn_coalitions_have_the_weight_of_those_they_stand_for(int players, int budget)
    {
        var coalitions = new Coalitions(players, budget, new Random(1));

        double expected = Enumerable.Range(1, players - 1).Sum(size => ShapleyFit.Choose(players, size) * ShapleyFit.Weight(players, size));
        Assert.Equal(expected, coalitions.Weights.Sum(), 1e-9);
        Assert.InRange(coalitions.Members.Count, budget - 2, budget);
        Assert.All(coalitions.Members, c => Assert.True(c.Contains(true) && c.Contains(false)));
    }

    [Fact]
    public void Lime_is_the_golden_ridge_regression()
    {
        JsonElement golden = Golden.GetProperty("lime");
        bool[][] samples = Rows(golden.GetProperty("samples"));
        double[] predictions = golden.GetProperty("predictions").Doubles();

        LimeFit fit = LimeFit.Of(samples, predictions);

        AssertClose(golden.GetProperty("weights").Doubles(), [.. samples.Select(sample => LimeFit.Weight(sample))], 1e-12);
        AssertClose(golden.GetProperty("coefficients").Doubles(), fit.Coefficients, 1e-10);
        Assert.Equal(golden.GetProperty("intercept").GetDouble(), fit.Intercept, 1e-10);
        Assert.Equal(golden.GetProperty("r2").GetDouble(), fit.RSquared, 1e-10);
        JsonElement free = golden.GetProperty("without_penalty");
        AssertClose(free.GetProperty("coefficients").Doubles(), LimeFit.Of(samples, predictions, penalty: 0).Coefficients, 1e-9);
    }

    private static double[] Fit(int[] rows)
    {
        bool[][] coalitions = [.. rows.Select(row => All[row])];
        double[] weights = [.. coalitions.Select(c => ShapleyFit.Weight(6, c.Count(isIn => isIn)))];
        return ShapleyFit.Of(
            coalitions,
            weights,
            [.. rows.Select(row => Values[row])],
            ScoreOf(new bool[6]),
            ScoreOf([.. Enumerable.Repeat(true, 6)])
        );
    }

    private static double ScoreOf(bool[] coalition) => Values[Array.FindIndex(All, c => c.SequenceEqual(coalition))];

    private static bool[][] Rows(JsonElement array) =>
        [.. array.Doubles().Chunk(6).Select(row => row.Select(value => value != 0).ToArray())];

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }
}
