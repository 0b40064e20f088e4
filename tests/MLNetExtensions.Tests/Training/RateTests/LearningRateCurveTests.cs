using System.Text.Json;
using MLNetExtensions.TestData;
using MLNetExtensions.Training.RateTests;
using Xunit;

namespace MLNetExtensions.Tests.Training.RateTests;

public sealed class LearningRateCurveTests
{
    public static TheoryData<string> Curves => new("clean", "noisy", "adam-like");

    [Theory]
    [MemberData(nameof(Curves))]
    public void Suggestions_are_those_of_fastai(string name)
    {
        JsonElement golden = Find(name);
        int made = golden.GetProperty("stopped_after").GetInt32();
        float[] rates = golden.GetProperty("lrs").Singles();
        var curve = new LearningRateCurve(rates[..made], golden.GetProperty("raw_losses").Singles()[..made], rates.Length);

        JsonElement expected = golden.GetProperty("suggestions");
        Assert.Equal(expected.GetProperty("fastai_valley").GetSingle(), curve.Valley!.Value, Close);
        Assert.Equal(expected.GetProperty("fastai_steep").GetSingle(), curve.Steepest!.Value, Close);
        Assert.Equal(expected.GetProperty("fastai_minimum_over_10").GetSingle(), curve.MinimumTenth!.Value, Close);
        Assert.Equal(MathF.Sqrt(curve.Steepest.Value * curve.MinimumTenth.Value), curve.Suggestion!.Value, Close);
    }

    [Theory]
    [MemberData(nameof(Curves))]
    public void Smoothed_losses_are_those_of_fastai(string name)
    {
        JsonElement golden = Find(name);
        double[] expected = golden.GetProperty("smoothed").Doubles();
        Assert.Equal(
            expected,
            LossSmoothing.Of(golden.GetProperty("raw_losses").Singles()),
            (a, b) => Math.Abs(a - b) < 1e-5 * Math.Abs(a)
        );
    }

    [Fact]
    public void A_flat_curve_suggests_nothing()
    {
        float[] rates = [.. Enumerable.Range(0, 100).Select(i => MathF.Pow(10, -7 + i * 0.08f))];
        var random = new Random(1);
        var curve = new LearningRateCurve(rates, [.. rates.Select(_ => 2.3f + 0.01f * random.NextSingle())], 100);
        Assert.True(curve.IsFlat);
        Assert.Null(curve.Suggestion);
        Assert.Null(curve.Valley);
        Assert.Contains("no suggestion", curve.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_loss_that_is_no_number_after_few_steps_gives_no_rate(int steps)
    {
        float[] rates = [.. Enumerable.Range(0, steps).Select(i => MathF.Pow(10, -7 + i))];
        Assert.Null(new LearningRateCurve(rates, rates, 100).Suggestion);
    }

    [Fact]
    public void The_text_shows_the_curve()
    {
        JsonElement golden = Find("clean");
        string text = new LearningRateCurve(
            golden.GetProperty("lrs").Singles(),
            golden.GetProperty("raw_losses").Singles(),
            100
        ).ToString();
        Assert.StartsWith(
            "Suggested learning rate 0.02 (steepest 0.0036, a tenth of the minimum's 0.11, valley 0.00069)",
            text,
            StringComparison.Ordinal
        );
        Assert.Equal(26, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void Settings_out_of_range_are_refused_together()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            new LearningRateTestOptions
            {
                Minimum = 0,
                Maximum = -1,
                Steps = 3,
                DivergenceFactor = 1,
            }.Validate()
        );
        Assert.All(
            [nameof(LearningRateTestOptions.Minimum), nameof(LearningRateTestOptions.Maximum), nameof(LearningRateTestOptions.Steps)],
            name => Assert.Contains(name, error.Message, StringComparison.Ordinal)
        );
    }

    private static bool Close(float a, float b) => MathF.Abs(a - b) <= 1e-5f * MathF.Abs(a);

    private static JsonElement Find(string name) =>
        GoldenJson
            .Read("tuning", "lr_finder.json")
            .GetProperty("curves")
            .EnumerateArray()
            .Single(curve => curve.GetProperty("name").GetString() == name);
}
