using System.Text.Json;
using MLNetExtensions.Quality;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Quality;

public class ConfidentJointTests
{
    private const int Classes = 4;

    private static readonly JsonElement Golden = GoldenJson.Read("tuning", "confident_learning.json");

    private static readonly float[] Probabilities = Golden.GetProperty("probabilities").Singles();

    private static readonly int[] Labels = Whole("labels");

    private readonly ConfidentJoint _joint = new(Probabilities, Labels, Classes);

    [Fact]
    public void Thresholds_guesses_and_counts_are_those_of_the_golden_file()
    {
        float[] thresholds = Golden.GetProperty("thresholds").Singles();
        for (int c = 0; c < Classes; c++)
            Assert.Equal(thresholds[c], _joint.Thresholds[c], 1e-5f);
        Assert.Equal(Whole("confident_guess"), _joint.Guesses);
        Assert.Equal(Whole("confident_joint_raw"), _joint.RawCounts.Cast<int>());
        Assert.Equal(Whole("confident_joint_calibrated"), _joint.Counts.Cast<int>());
        double[] joint = Golden.GetProperty("joint").Doubles();
        Assert.Equal(joint, _joint.Counts.Cast<int>().Select(count => count / (double)Labels.Length), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Theory]
    [InlineData(LabelErrorFilter.ConfidentLearning, "confident_learning")]
    [InlineData(LabelErrorFilter.PruneByClass, "prune_by_class")]
    [InlineData(LabelErrorFilter.PruneByNoiseRate, "prune_by_noise_rate")]
    [InlineData(LabelErrorFilter.Both, "both")]
    [InlineData(LabelErrorFilter.PredictedDiffers, "predicted_differs")]
    public void Issues_are_those_of_the_golden_file(LabelErrorFilter filter, string name)
    {
        bool[] issues = _joint.Issues(filter);
        Assert.Equal(
            Golden.GetProperty("issues").GetProperty(name).Singles().Select(row => (int)row),
            Enumerable.Range(0, Labels.Length).Where(row => issues[row])
        );
    }

    [Theory]
    [InlineData(LabelQualityMethod.SelfConfidence, "self_confidence", false)]
    [InlineData(LabelQualityMethod.NormalizedMargin, "normalized_margin", false)]
    [InlineData(LabelQualityMethod.Certainty, "normalized_entropy", true)]
    public void Qualities_are_those_of_the_golden_file(LabelQualityMethod method, string name, bool isInverted)
    {
        float[] expected = Golden.GetProperty(name).Singles(),
            actual = _joint.Qualities(method);
        for (int row = 0; row < expected.Length; row++)
            Assert.Equal(isInverted ? 1 - expected[row] : expected[row], actual[row], 1e-5f);
    }

    [Fact]
    public void Renaming_classes_renames_the_result()
    {
        // Classes 0 and 1 are even once where a count is rounded; their order stays.
        int[] renamed = [1, 3, 0, 2];
        float[] probabilities = new float[Probabilities.Length];
        for (int i = 0; i < probabilities.Length; i++)
            probabilities[(i / Classes * Classes) + renamed[i % Classes]] = Probabilities[i];
        var other = new ConfidentJoint(probabilities, [.. Labels.Select(label => renamed[label])], Classes);
        foreach (LabelErrorFilter filter in Enum.GetValues<LabelErrorFilter>())
            Assert.Equal(_joint.Issues(filter), other.Issues(filter));
    }

    [Fact]
    public void A_class_without_rows_is_no_guess()
    {
        var joint = new ConfidentJoint([0.1f, 0.2f, 0.7f, 0.6f, 0.2f, 0.2f], [0, 0], 3);
        Assert.Equal([-1, 0], joint.Guesses);
        Assert.Equal([2, 0, 0, 0, 0, 0, 0, 0, 0], joint.Counts.Cast<int>());
    }

    private static int[] Whole(string name) => [.. Golden.GetProperty(name).Singles().Select(value => (int)value)];
}
