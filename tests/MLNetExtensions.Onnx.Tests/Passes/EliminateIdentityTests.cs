using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.TestData.Graphs;
using Xunit;
using static MLNetExtensions.TestData.Graphs.PassCases;

namespace MLNetExtensions.Onnx.Tests.Passes;

public sealed class EliminateIdentityTests
{
    [Fact]
    public void Identity_and_dropout_go()
    {
        OnnxGraph graph = Graph(
            [-1, 4],
            [
                OnnxNode.Create("Identity", ["x"], ["a"]),
                OnnxNode.Create("Dropout", ["a", "ratio"], ["b", "mask"]),
                OnnxNode.Create("Neg", ["b"], ["c"]),
                OnnxNode.Create("Identity", ["c"], ["y"]),
            ],
            OnnxTensor.FromFloats("ratio", [], [0.5f])
        );
        OnnxGraph changed = EliminateIdentity.Apply(graph);
        Assert.Equal(["c = Neg(x)", "y = Identity(c)"], changed.Nodes.Select(n => n.ToString()));
        AssertSame(graph, changed);
    }

    [Fact]
    public void Dropout_that_drops_or_whose_mask_is_read_stays()
    {
        OnnxTensor ratio = OnnxTensor.FromFloats("ratio", [], [0.5f]);
        OnnxGraph masked = Graph(
            [-1, 4],
            [
                OnnxNode.Create("Dropout", ["x", "ratio"], ["b", "mask"]),
                OnnxNode.Create("Cast", ["mask"], ["m"], OnnxAttribute.Of("to", 1L)),
                OnnxNode.Create("Add", ["b", "m"], ["y"]),
            ],
            ratio
        );
        Assert.Same(masked, EliminateIdentity.Apply(masked));
        var yes = new OnnxTensor("yes", OnnxElementType.Bool, [], new byte[] { 1 });
        OnnxGraph training = Graph(
            [-1, 4],
            [OnnxNode.Create("Dropout", ["x", "ratio", "yes"], ["b"]), OnnxNode.Create("Neg", ["b"], ["y"])],
            ratio,
            yes
        );
        Assert.Same(training, EliminateIdentity.Apply(training));
    }
}
