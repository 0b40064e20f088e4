using System.Text.Json;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.FineTune.LowRank;
using Xunit;

namespace MLNetExtensions.Tests.Trainers.FineTune.LowRank;

public sealed class AdaptedWeightTests
{
    [Theory]
    [InlineData("linear", 1)]
    [InlineData("conv3x3", 1)]
    [InlineData("conv1x1", 1)]
    [InlineData("conv3x3_groups2", 2)]
    public void Folded_weights_are_those_of_PEFTs_formula(string name, int groups)
    {
        JsonElement golden = GoldenJson.Read("tuning", "lora.json").GetProperty(name);
        long[] shape = golden.GetProperty("W").Shape();
        var weight = new AdaptedWeight("W", shape, groups, InputsFirst: false);
        int rank = golden.GetProperty("r").GetInt32();
        var adaptation = new LowRankAdaptation(rank) { Alpha = golden.GetProperty("alpha").GetSingle() };

        OnnxTensor folded = weight.Fold(
            OnnxTensor.FromFloats("W", shape, golden.GetProperty("W").Singles()),
            OnnxTensor.FromFloats("left", [groups, weight.Rows, rank / groups], golden.GetProperty("B").Singles()),
            OnnxTensor.FromFloats("right", [groups, rank / groups, weight.Columns], golden.GetProperty("A").Singles()),
            adaptation.Scale
        );

        Assert.Equal(golden.GetProperty("merged").Singles(), folded.ToFloats(), (a, b) => MathF.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void Weights_with_inputs_first_have_the_product_the_other_way_round()
    {
        JsonElement golden = GoldenJson.Read("tuning", "lora.json").GetProperty("linear");
        float[] a = golden.GetProperty("A").Singles(),
            b = golden.GetProperty("B").Singles(),
            w = golden.GetProperty("W").Singles();
        (int inputs, int outputs, int rank) = (6, 4, 2);
        var weight = new AdaptedWeight("W", [inputs, outputs], 1, InputsFirst: true);

        OnnxTensor folded = weight.Fold(
            OnnxTensor.FromFloats("W", [inputs, outputs], Transposed(w, outputs, inputs)),
            OnnxTensor.FromFloats("left", [1, inputs, rank], Transposed(a, rank, inputs)),
            OnnxTensor.FromFloats("right", [1, rank, outputs], Transposed(b, outputs, rank)),
            new LowRankAdaptation(rank) { Alpha = 4 }.Scale
        );

        Assert.Equal(golden.GetProperty("merged_for_matmul_in_out").Singles(), folded.ToFloats(), (x, y) => MathF.Abs(x - y) < 1e-6f);
    }

    [Fact]
    public void A_stabilized_scale_divides_by_the_root_of_the_rank()
    {
        Assert.Equal(1, new LowRankAdaptation(8).Scale);
        Assert.Equal(2, new LowRankAdaptation(8) { Alpha = 16 }.Scale);
        Assert.Equal(4, new LowRankAdaptation(16) { Alpha = 16, IsRankStabilized = true }.Scale);
    }

    [Fact]
    public void The_product_is_zero_at_first_and_drawn_on_the_inputs_side()
    {
        foreach (bool inputsFirst in new[] { false, true })
        {
            OnnxTensor[] initial = new AdaptedWeight("W", [16, 16], 1, inputsFirst).Initial(4, new Random(1));
            float[] drawn = initial[inputsFirst ? 0 : 1].ToFloats();
            Assert.All(initial[inputsFirst ? 1 : 0].ToFloats(), value => Assert.Equal(0, value));
            Assert.All(drawn, value => Assert.InRange(value, -0.25f, 0.25f));
            Assert.True(drawn.Max() > 0.2f && drawn.Min() < -0.2f);
        }
    }

    private static float[] Transposed(float[] values, int rows, int columns) =>
        [.. Enumerable.Range(0, rows * columns).Select(i => values[i % rows * columns + i / rows])];
}
