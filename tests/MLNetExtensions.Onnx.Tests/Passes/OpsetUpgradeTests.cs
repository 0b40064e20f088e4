using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Passes;

public sealed class OpsetUpgradeTests
{
    [Fact]
    public void Nodes_keep_the_names_of_the_file()
    {
        // A Pad with a value as attribute, a Conv with auto_pad, a Dropout with its ratio as attribute, and a node without a name.
        OnnxGraph graph = PassCases.Graph(
            [-1, 3, 6, 6],
            [
                OnnxNode.Create("Pad", ["x"], ["p"], OnnxAttribute.Of("pads", 0L, 0, 1, 1, 0, 0, 1, 1)) with
                {
                    Name = "pad",
                },
                OnnxNode.Create("Conv", ["p", "w"], ["c"], OnnxAttribute.Of("auto_pad", "SAME_UPPER")) with
                {
                    Name = "conv",
                },
                OnnxNode.Create("Clip", ["c"], ["d"], OnnxAttribute.Of("min", 0f), OnnxAttribute.Of("max", 6f)) with
                {
                    Name = "",
                },
                OnnxNode.Create("Softmax", ["d"], ["y"], OnnxAttribute.Of("axis", 1L)) with
                {
                    Name = "soft",
                },
            ],
            DrawnTensor.Normal("w", 1, 4, 3, 3, 3)
        ) with
        {
            Opsets = new Dictionary<string, int> { [""] = 7 },
        };
        OnnxGraph raised = OpsetUpgrade.Apply(graph);
        Assert.Equal("Conv", Assert.Single(raised.Nodes, n => n.Name == "conv").OpType);
        Assert.Equal("Pad", Assert.Single(raised.Nodes, n => n.Name == "pad").OpType);
        Assert.Equal("Softmax", Assert.Single(raised.Nodes, n => n.Name == "soft").OpType);
        Assert.DoesNotContain(raised.Nodes, n => n.OpType == "Clip" && n.Name.Length > 0);
        PassCases.AssertSame(graph, raised);
    }

    [Theory]
    [InlineData("Resize")]
    [InlineData("Expand")]
    [InlineData("ConstantOfShape")]
    [InlineData("Tile")]
    [InlineData("Slice")]
    [InlineData("Reshape")]
    public void What_is_computed_from_the_batch_stays_so(string name)
    {
        OnnxNode[] count = [OnnxNode.Create("Shape", ["x"], ["s"]), OnnxNode.Create("Gather", ["s", "first"], ["n"])];
        OnnxNode[] nodes = name switch
        {
            "Resize" =>
            [
                OnnxNode.Create("Concat", ["n", "rest"], ["sizes"], OnnxAttribute.Of("axis", 0L)),
                OnnxNode.Create(
                    "Resize",
                    ["x", "none", "none", "sizes"],
                    ["y"],
                    OnnxAttribute.Of("coordinate_transformation_mode", "asymmetric"),
                    OnnxAttribute.Of("nearest_mode", "floor")
                ),
            ],
            "Expand" =>
            [
                OnnxNode.Create("Concat", ["n", "tail"], ["sizes"], OnnxAttribute.Of("axis", 0L)),
                OnnxNode.Create("Expand", ["token", "sizes"], ["t"]),
                OnnxNode.Create("Concat", ["x", "t"], ["y"], OnnxAttribute.Of("axis", 1L)),
            ],
            "ConstantOfShape" =>
            [
                OnnxNode.Create("Concat", ["n", "tail"], ["sizes"], OnnxAttribute.Of("axis", 0L)),
                OnnxNode.Create("ConstantOfShape", ["sizes"], ["t"]),
                OnnxNode.Create("Concat", ["x", "t"], ["y"], OnnxAttribute.Of("axis", 1L)),
            ],
            "Tile" =>
            [
                OnnxNode.Create("Concat", ["n", "ones"], ["sizes"], OnnxAttribute.Of("axis", 0L)),
                OnnxNode.Create("Tile", ["token", "sizes"], ["t"]),
                OnnxNode.Create("Concat", ["x", "t"], ["y"], OnnxAttribute.Of("axis", 1L)),
            ],
            // All rows but the last, and that one twice behind them: the count less and plus a number.
            "Slice" =>
            [
                OnnxNode.Create("Sub", ["n", "first1"], ["m"]),
                OnnxNode.Create("Slice", ["x", "m", "n", "first"], ["l"]),
                OnnxNode.Create("Slice", ["x", "first", "m", "first"], ["k"]),
                OnnxNode.Create("Concat", ["k", "l", "l"], ["y"], OnnxAttribute.Of("axis", 0L)),
            ],
            // The rows of three of its places, as those of windows are: neither copied nor what is left, which the last one is.
            _ =>
            [
                OnnxNode.Create("Mul", ["n", "three"], ["m"]),
                OnnxNode.Create("Concat", ["m", "left"], ["sizes"], OnnxAttribute.Of("axis", 0L)),
                OnnxNode.Create("Reshape", ["x", "sizes"], ["r"]),
                OnnxNode.Create("Concat", ["n", "back"], ["whole"], OnnxAttribute.Of("axis", 0L)),
                OnnxNode.Create("Reshape", ["r", "whole"], ["y"]),
            ],
        };
        OnnxGraph graph = PassCases.Graph(
            [-1, 3, 4, 4],
            [.. count, .. nodes],
            OnnxTensor.FromInt64s("first", [1], [0]),
            OnnxTensor.FromFloats("none", [0], []),
            OnnxTensor.FromInt64s("first1", [1], [1]),
            OnnxTensor.FromInt64s("rest", [3], [3, 8, 8]),
            OnnxTensor.FromInt64s("tail", [3], [2, 4, 4]),
            OnnxTensor.FromInt64s("ones", [3], [1, 4, 4]),
            DrawnTensor.Normal("token", 1, 1, name == "Tile" ? 1 : 2, 1, 1),
            OnnxTensor.FromInt64s("three", [1], [3]),
            OnnxTensor.FromInt64s("left", [2], [4, -1]),
            OnnxTensor.FromInt64s("back", [3], [3, 4, -1])
        ) with
        {
            Opsets = new Dictionary<string, int> { [""] = 11 },
        };
        OnnxGraph raised = OpsetUpgrade.Apply(graph);
        Assert.Equal(OnnxGraph.MaximumOpset, raised.Opset);
        PassCases.AssertSame(graph, raised);
    }
}
