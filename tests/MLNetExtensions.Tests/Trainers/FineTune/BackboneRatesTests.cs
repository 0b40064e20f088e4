using MLNetExtensions.Onnx;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Tests.Trainers.FineTune;

public class BackboneRatesTests
{
    [Theory]
    [InlineData(0.5f, 1f)]
    [InlineData(0.03f, 1f)]
    [InlineData(0.012f, 0.5f)] // a hundredth of it is 0.6 times the rate: the power of two below
    [InlineData(0.001f, 1f / 32)]
    [InlineData(1e-6f, 1f / 1024)]
    [InlineData(0f, 1f)]
    public void A_step_is_at_most_a_hundredth_of_the_weights(float size, float expected) =>
        Assert.Equal(expected, BackboneRates.Of(Weights(_ => size), 2e-4f));

    [Fact]
    public void Small_channels_count_dead_ones_do_not()
    {
        Assert.Equal(1f / 32, BackboneRates.Of(Weights(channel => channel < 3 ? 0.001f : 1), 2e-4f));
        Assert.Equal(1, BackboneRates.Of(Weights(channel => channel < 4 ? 0 : 1), 2e-4f));
    }

    private static OnnxTensor Weights(Func<int, float> size) =>
        OnnxTensor.FromFloats("w", [8, 3, 2, 2], [.. Enumerable.Range(0, 96).Select(i => (i % 2 == 0 ? 1 : -1) * size(i / 12))]);
}
