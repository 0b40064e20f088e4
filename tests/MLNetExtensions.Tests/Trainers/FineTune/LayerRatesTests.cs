using System.Text.Json;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Tests.Trainers.FineTune;

public sealed class LayerRatesTests
{
    private static readonly JsonElement Golden = GoldenJson.Read("tuning", "layer_decay.json");

    [Theory]
    [InlineData("timm_075", 0.75f)]
    [InlineData("timm_065", 0.65f)]
    public void A_vision_transformer_decays_as_in_timm(string name, float factor)
    {
        JsonElement expected = Golden.GetProperty("vit12").GetProperty(name);
        float[] blocks = [.. Enumerable.Range(0, 12).Select(i => expected.GetProperty($"blocks.{i}").GetSingle())];
        AssertClose([expected.GetProperty("cls_token").GetSingle(), .. blocks], new LayerDecay(factor).Of(13));
        Assert.Equal(factor, expected.GetProperty("norm.weight").GetSingle());
    }

    [Fact]
    public void A_residual_network_decays_as_in_timm()
    {
        float[] expected = [.. Golden.GetProperty("resnet50_timm_09").EnumerateObject().Select(group => group.Value.GetSingle())];
        AssertClose(expected[..^1], new LayerDecay(0.9f).Of(17));
    }

    [Fact]
    public void No_multiplier_is_below_the_minimum() =>
        AssertClose(
            Golden.GetProperty("min_scale_example").GetProperty("factors").Singles()[..^1],
            new LayerDecay { Minimum = 0.05f }.Of(13)
        );

    [Fact]
    public void Geometric_rates_are_fastais_slices()
    {
        float[] slice = Golden.GetProperty("fastai").GetProperty("slice_1e5_1e3").Singles();
        AssertClose([slice[0] / slice[2], slice[1] / slice[2]], new GeometricLayerRates(0.01f).Of(2));
    }

    [Fact]
    public void Factors_out_of_range_are_refused()
    {
        Assert.Contains("LayerRates.LayerDecay.Factor", Refusal(new LayerDecay(0)), StringComparison.Ordinal);
        Assert.Contains("LayerRates.LayerDecay.Minimum", Refusal(new LayerDecay { Minimum = 2 }), StringComparison.Ordinal);
        Assert.Contains("LayerRates.GeometricLayerRates.First", Refusal(new GeometricLayerRates(1.5f)), StringComparison.Ordinal);
    }

    private static string Refusal(LayerRates rates) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FineTuneOptions { LayerRates = rates }.Validate()).Message;

    private static void AssertClose(float[] expected, IReadOnlyList<float> actual) =>
        Assert.Equal(expected, actual, (a, b) => MathF.Abs(a - b) <= 1e-6f * a);
}
