using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Passes;

public sealed class RemoveUnusedTests
{
    [Fact]
    public void Keeps_what_the_outputs_need_and_nothing_else()
    {
        OnnxGraph graph = SmallNetwork.Create(-1, 3, 8, 8) with { Outputs = [OnnxValue.Create("f", OnnxElementType.Float, -1, 4)] };

        OnnxGraph reduced = RemoveUnused.Apply(graph);

        Assert.Equal(["Conv", "Relu", "GlobalAveragePool", "Flatten"], reduced.Nodes.Select(n => n.OpType));
        Assert.Equal(["conv.weight", "conv.bias"], reduced.Initializers.Keys);
    }

    [Fact]
    public void A_graph_without_anything_unused_stays_as_it_is()
    {
        OnnxGraph graph = SmallNetwork.Create(-1, 3, 8, 8);

        Assert.Equal(graph.ToBytes(), RemoveUnused.Apply(graph).ToBytes());
    }
}
