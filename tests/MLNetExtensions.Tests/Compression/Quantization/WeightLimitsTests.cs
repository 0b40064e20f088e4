using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Tests.Compression.Quantization;

public sealed class WeightLimitsTests
{
    [Theory]
    [InlineData(new float[] { 1, 1, -0.5f }, new[] { 64, 64, -32 })]
    // One large weight has nearly all 8 bits where the others of its sign are small.
    [InlineData(new float[] { 1, 0.05f, -0.5f }, new[] { 122, 6, -61 })]
    [InlineData(new float[] { 1, 0.001f, -1 }, new[] { 127, 0, -127 })]
    [InlineData(new float[] { -1, -0.5f, 0.75f }, new[] { -85, -43, 64 })]
    [InlineData(new float[] { 0.5f, 0, 0 }, new[] { 127, 0, 0 })]
    public void The_two_largest_of_a_sign_share_16_bits(float[] weights, int[] numbers)
    {
        QuantizedWeights quantized = Of([weights.Length, 1], weights, perChannel: true);
        Assert.Equal(numbers, quantized.Numbers.Select(n => (int)n));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Any_two_of_a_channel_stay_within(bool perChannel)
    {
        float[] weights = DrawnTensor.Normal("w", 1, 50, 20).ToFloats();
        QuantizedWeights quantized = Of([50, 20], weights, perChannel);
        for (int c = 0; c < 20; c++)
        {
            int[] own = [.. quantized.Numbers.Where((_, i) => i % 20 == c).Select(n => (int)n)];
            Assert.InRange(own.OrderDescending().Take(2).Sum(), 0, 128);
            Assert.InRange(own.Order().Take(2).Sum(), -128, 0);
        }
        for (int i = 0; i < weights.Length; i++)
            Assert.InRange(
                quantized.Numbers[i] * quantized.Scales[perChannel ? i % 20 : 0] - weights[i],
                -1.51f * quantized.Scales[perChannel ? i % 20 : 0],
                1.51f * quantized.Scales[perChannel ? i % 20 : 0]
            );
    }

    [Fact]
    public void Weights_that_were_trained_on_stay_within_too()
    {
        OnnxTensor weight = DrawnTensor.Normal("w", 1, 50, 20);
        LayerWeights layer = Layer(weight);
        QuantizedWeights trained = QuantizedWeights
            .Of(layer, 1, null, perChannel: true, reduceRange: true)
            .Rounded(layer, [.. weight.ToFloats().Select(w => 3 * w)], null, 1);
        for (int c = 0; c < 20; c++)
            Assert.InRange(trained.Numbers.Where((_, i) => i % 20 == c).OrderDescending().Take(2).Sum(n => n), 0, 128);
    }

    private static QuantizedWeights Of(long[] shape, float[] weights, bool perChannel) =>
        QuantizedWeights.Of(
            Layer(OnnxTensor.FromFloats("w", shape, weights)),
            inputScale: 1,
            inputMeans: null,
            perChannel,
            reduceRange: true
        );

    private static LayerWeights Layer(OnnxTensor weight)
    {
        OnnxGraph graph = PassCases.Graph([-1, weight.Shape[0]], [OnnxNode.Create("Gemm", ["x", "w"], ["y"])], weight);
        return LayerWeights.Of(graph.Nodes[0], new GraphIndex(graph))!;
    }
}
