using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using Xunit;

namespace MLNetExtensions.Tests.Onnx.Passes;

public sealed class OpsetUpgradeTests
{
    [Fact]
    public void Nodes_keep_the_names_of_the_file()
    {
        // A Pad with a value as attribute, a Conv with auto_pad, a Dropout with its ratio as attribute, and a node without a name.
        OnnxGraph graph = PassCases.Graph([-1, 3, 6, 6],
            [
                OnnxNode.Create("Pad", ["x"], ["p"], OnnxAttribute.Of("pads", 0L, 0, 1, 1, 0, 0, 1, 1)) with { Name = "pad" },
                OnnxNode.Create("Conv", ["p", "w"], ["c"], OnnxAttribute.Of("auto_pad", "SAME_UPPER")) with { Name = "conv" },
                OnnxNode.Create("Clip", ["c"], ["d"], OnnxAttribute.Of("min", 0f), OnnxAttribute.Of("max", 6f)) with { Name = "" },
                OnnxNode.Create("Softmax", ["d"], ["y"], OnnxAttribute.Of("axis", 1L)) with { Name = "soft" },
            ],
            OrtRunner.Normal("w", 1, 4, 3, 3, 3)) with
        { Opsets = new Dictionary<string, int> { [""] = 7 } };
        OnnxGraph raised = OpsetUpgrade.Apply(graph);
        Assert.Equal("Conv", Assert.Single(raised.Nodes, n => n.Name == "conv").OpType);
        Assert.Equal("Pad", Assert.Single(raised.Nodes, n => n.Name == "pad").OpType);
        Assert.Equal("Softmax", Assert.Single(raised.Nodes, n => n.Name == "soft").OpType);
        Assert.DoesNotContain(raised.Nodes, n => n.OpType == "Clip" && n.Name.Length > 0);
        PassCases.AssertSame(graph, raised);
    }
}
