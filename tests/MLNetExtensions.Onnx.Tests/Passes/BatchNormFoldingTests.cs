using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.TestData.Needs;
using Xunit;
using static MLNetExtensions.TestData.Graphs.PassCases;

namespace MLNetExtensions.Onnx.Tests.Passes;

public sealed class BatchNormFoldingTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    public void Conv_takes_over_scale_and_shift(bool hasBias, int groups)
    {
        OnnxTensor weight = DrawnTensor.Normal("w", 3, 6, 4 / groups, 3, 3);
        OnnxGraph graph = Graph(
            [-1, 4, 7, 7],
            [
                OnnxNode.Create("Conv", hasBias ? ["x", "w", "b"] : ["x", "w"], ["c"], OnnxAttribute.Of("group", (long)groups)),
                NormNode("c", "n", "y"),
            ],
            [weight, DrawnTensor.Normal("b", 4, 6), .. Norm("n", 6)]
        );
        AssertFolded(graph, "Conv");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ConvTranspose_takes_over_scale_and_shift(int groups)
    {
        OnnxGraph graph = Graph(
            [-1, 4, 5, 5],
            [
                OnnxNode.Create(
                    "ConvTranspose",
                    ["x", "w"],
                    ["c"],
                    OnnxAttribute.Of("group", (long)groups),
                    OnnxAttribute.Of("strides", 2L, 2L)
                ),
                NormNode("c", "n", "y"),
            ],
            [DrawnTensor.Normal("w", 3, 4, 6 / groups, 3, 3), .. Norm("n", 6)]
        );
        AssertFolded(graph, "ConvTranspose");
    }

    [Theory]
    [InlineData(true, 6)]
    [InlineData(false, 6)]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void Gemm_takes_over_scale_and_shift(bool transB, int biasLength)
    {
        OnnxGraph graph = Graph(
            [-1, 5],
            [
                OnnxNode.Create(
                    "Gemm",
                    biasLength > 0 ? ["x", "w", "b"] : ["x", "w"],
                    ["c"],
                    OnnxAttribute.Of("transB", transB ? 1L : 0L),
                    OnnxAttribute.Of("alpha", 0.7f),
                    OnnxAttribute.Of("beta", 1.9f)
                ),
                NormNode("c", "n", "y"),
            ],
            [
                transB ? DrawnTensor.Normal("w", 3, 6, 5) : DrawnTensor.Normal("w", 3, 5, 6),
                DrawnTensor.Normal("b", 4, Math.Max(1, biasLength)),
                .. Norm("n", 6),
            ]
        );
        AssertFolded(graph, "Gemm");
    }

    [Theory]
    [InlineData("Mul", false)]
    [InlineData("Mul", true)]
    [InlineData("Add", true)]
    [InlineData("Sub", false)]
    [InlineData("Div", false)]
    public void Constants_of_each_channel_are_taken_over_too(string opType, bool constantFirst)
    {
        OnnxTensor constant = OnnxTensor.FromFloats("k", [4, 1, 1], [0.5f, -2, 3, 1]);
        OnnxGraph graph = Graph(
            [-1, 4, 6, 6],
            [
                OnnxNode.Create("Conv", ["x", "w"], ["c"]),
                OnnxNode.Create(opType, constantFirst ? ["k", "c"] : ["c", "k"], ["d"]),
                OnnxNode.Create("Add", ["d", "one"], ["e"]),
                NormNode("e", "n", "y"),
            ],
            [DrawnTensor.Normal("w", 3, 4, 4, 3, 3), constant, OnnxTensor.FromFloats("one", [1], [1]), .. Norm("n", 4)]
        );
        AssertFolded(graph, "Conv");
    }

    [Theory]
    [InlineData("Sub", true, new long[] { 4, 1, 1 })]
    [InlineData("Div", true, new long[] { 4, 1, 1 })]
    [InlineData("Add", false, new long[] { 1, 4, 4 })]
    [InlineData("Add", false, new long[] { 4, 1, 1, 1, 1 })]
    public void Other_constants_stay(string opType, bool constantFirst, long[] shape)
    {
        OnnxGraph graph = Graph(
            [1, 4, 6, 6],
            [OnnxNode.Create("Conv", ["x", "w"], ["c"]), OnnxNode.Create(opType, constantFirst ? ["k", "c"] : ["c", "k"], ["y"])],
            DrawnTensor.Normal("w", 3, 4, 4, 3, 3),
            DrawnTensor.Normal("k", 4, shape)
        );
        Assert.Same(graph, BatchNormFolding.Apply(graph));
    }

    [Fact]
    public void A_shared_weight_stays_what_it_is_for_the_others()
    {
        OnnxGraph graph = Graph(
            [-1, 4, 6, 6],
            [
                OnnxNode.Create("Conv", ["x", "w", "b"], ["c"]),
                NormNode("c", "n", "d"),
                OnnxNode.Create("Conv", ["x", "w", "b"], ["e"]),
                OnnxNode.Create("Add", ["d", "e"], ["y"]),
            ],
            [DrawnTensor.Normal("w", 3, 4, 4, 3, 3), DrawnTensor.Normal("b", 4, 4), .. Norm("n", 4)]
        );
        OnnxGraph folded = BatchNormFolding.Apply(graph);
        Assert.Equal(["Conv", "Conv", "Add"], folded.Nodes.Select(n => n.OpType));
        Assert.Equal(4, folded.Initializers.Count);
        AssertSame(graph, folded);
    }

    [Fact]
    public void A_layer_that_is_read_elsewhere_keeps_its_normalization()
    {
        OnnxGraph graph = Graph(
            [-1, 4, 6, 6],
            [OnnxNode.Create("Conv", ["x", "w"], ["c"]), NormNode("c", "n", "d"), OnnxNode.Create("Add", ["d", "c"], ["y"])],
            [DrawnTensor.Normal("w", 3, 4, 4, 3, 3), .. Norm("n", 4)]
        );
        Assert.Same(graph, BatchNormFolding.Apply(graph));
        OnnxGraph output = graph with
        {
            Nodes = [.. graph.Nodes.Take(2)],
            Outputs = [new("c", OnnxElementType.Float, null), new("d", OnnxElementType.Float, null)],
        };
        Assert.Same(output, BatchNormFolding.Apply(output));
    }

    [Fact]
    public void A_weight_that_is_computed_keeps_its_normalization()
    {
        OnnxGraph graph = Graph(
            [-1, 4, 6, 6],
            [OnnxNode.Create("Neg", ["w"], ["v"]), OnnxNode.Create("Conv", ["x", "v"], ["c"]), NormNode("c", "n", "y")],
            [DrawnTensor.Normal("w", 3, 4, 4, 3, 3), .. Norm("n", 4)]
        );
        Assert.Same(graph, BatchNormFolding.Apply(graph));
        Assert.Equal(["Conv"], BatchNormFolding.Apply(ConstantFolding.Apply(graph)).Nodes.Select(n => n.OpType));
    }

    [NeedsBackbones]
    [Theory]
    [InlineData("resnet20_cifar10_bn", 0)]
    [InlineData("mobilenetv2_1.0_224_bn", 0)]
    [InlineData("efficientnet_lite0_224_bn", 0)]
    [InlineData("darknet_tiny_224_bn", 0)]
    [InlineData("keras_export/keras_bn_depthwise", 0)]
    public void Models_compute_the_same(string name, int left)
    {
        OnnxGraph graph = OnnxGraph.Load(SharedData.PathOf("models", name + ".onnx"));
        OnnxGraph folded = BatchNormFolding.Apply(graph);
        Assert.Equal(left, folded.Nodes.Count(n => n.OpType == "BatchNormalization"));
        AssertSame(graph, folded, 2e-5);
    }

    private static void AssertFolded(OnnxGraph graph, string layer)
    {
        OnnxGraph folded = BatchNormFolding.Apply(graph);
        Assert.Equal([layer], folded.Nodes.Select(n => n.OpType));
        Assert.Equal(2, folded.Initializers.Count);
        AssertSame(graph, folded);
    }
}
