using System.Text.Json;
using MLNetExtensions.TestData;
using MLNetExtensions.Uncertainty.Conformal;
using Xunit;

namespace MLNetExtensions.Tests.Uncertainty.Conformal;

public class NonconformityScoresTests
{
    private const int Classes = 5;

    private static readonly JsonElement Golden = GoldenJson.Read("tuning", "conformal.json");

    public static TheoryData<string> Methods => ["lac", "aps", "aps_randomized", "raps", "raps_randomized"];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Scores_are_those_of_the_golden_file(string name)
    {
        ConformalSetOptions options = Options(name);
        JsonElement method = Golden.GetProperty("methods").GetProperty(name);
        float[] expected = method.GetProperty("test_scores").Singles();

        float[] scores = Scores(options, "test", "test_u");

        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], scores[i], 1e-6f);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Thresholds_and_sets_are_those_of_the_golden_file(string name)
    {
        ConformalSetOptions options = Options(name);
        float[] all = Scores(options, "calibration", "u"),
            test = Scores(options, "test", "test_u");
        int[] labels = [.. Golden.GetProperty("labels").Singles().Select(label => (int)label)];
        int checkedAlphas = 0;
        foreach (JsonElement of in Golden.GetProperty("methods").GetProperty(name).GetProperty("by_alpha").EnumerateArray())
        {
            double coverage = 1 - of.GetProperty("alpha").GetDouble();
            float threshold = ConformalQuantile.Of(labels.Select((label, i) => all[i * Classes + label]).ToArray(), coverage);

            Assert.Equal(of.GetProperty("order_statistic").GetInt32(), ConformalQuantile.Order(labels.Length, coverage));
            JsonElement expected = of.GetProperty("threshold");
            if (expected.ValueKind == JsonValueKind.Null)
                Assert.Equal(float.PositiveInfinity, threshold);
            else
                Assert.Equal(expected.GetSingle(), threshold, 1e-6f);
            bool[] sets = [.. of.GetProperty("sets").GetProperty("data").EnumerateArray().Select(member => member.GetBoolean())];
            Assert.Equal(sets, test.Select(score => score <= threshold));
            checkedAlphas++;
        }
        Assert.Equal(4, checkedAlphas);
    }

    [Fact]
    public void Thresholds_of_classes_are_those_of_the_golden_file()
    {
        var options = new ConformalSetOptions
        {
            Method = ConformalMethod.Lac,
            ClassConditional = true,
            Coverage = 0.8,
        };
        int[] labels = [.. Golden.GetProperty("labels").Singles().Select(label => (int)label)];

        float[] thresholds = ConformalThresholds.Of(
            Golden.GetProperty("calibration").Singles(),
            labels,
            Classes,
            options,
            new RowChance(Classes, 1)
        );

        for (int c = 0; c < Classes; c++)
            Assert.Equal(
                Golden.GetProperty("lac_per_class_alpha_0_2").GetProperty($"{c}").GetProperty("threshold").GetSingle(),
                thresholds[c],
                1e-6f
            );
    }

    [Fact]
    public void Equal_probabilities_are_in_the_order_of_classes()
    {
        float[] scores = new float[4];
        new NonconformityScores(new ConformalSetOptions { Method = ConformalMethod.Aps, Randomized = false }, 4).Compute(
            [0.25f, 0.25f, 0.25f, 0.25f],
            0,
            scores
        );
        Assert.Equal([0.25f, 0.5f, 0.75f, 1f], scores);
    }

    [Theory]
    [InlineData(0.9, 9)]
    [InlineData(0.95, 19)]
    [InlineData(0.99, 99)]
    [InlineData(0.5, 1)]
    public void The_least_number_of_rows_is_one_over_alpha_less_one(double coverage, int least)
    {
        Assert.Equal(least, ConformalQuantile.LeastRows(coverage));
        Assert.True(float.IsFinite(ConformalQuantile.Of(new float[least], coverage)));
        Assert.Equal(float.PositiveInfinity, ConformalQuantile.Of(new float[least - 1], coverage));
    }

    private static ConformalSetOptions Options(string name) =>
        new()
        {
            Method =
                name == "lac" ? ConformalMethod.Lac
                : name.StartsWith("raps", StringComparison.Ordinal) ? ConformalMethod.Raps
                : ConformalMethod.Aps,
            Randomized = name.EndsWith("randomized", StringComparison.Ordinal),
            Penalty = Golden.GetProperty("raps").GetProperty("lambda_").GetSingle(),
            FreeClasses = Golden.GetProperty("raps").GetProperty("k_reg").GetInt32(),
        };

    private static float[] Scores(ConformalSetOptions options, string table, string uniform)
    {
        float[] probabilities = Golden.GetProperty(table).Singles(),
            u = Golden.GetProperty(uniform).Singles(),
            scores = new float[probabilities.Length];
        var scoring = new NonconformityScores(options, Classes);
        for (int row = 0; row < u.Length; row++)
            scoring.Compute(probabilities.AsSpan(row * Classes, Classes), u[row], scores.AsSpan(row * Classes, Classes));
        return scores;
    }
}
