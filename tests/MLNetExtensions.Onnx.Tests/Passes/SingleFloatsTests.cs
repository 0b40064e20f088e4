using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Passes;

public sealed class SingleFloatsTests
{
    private const long Float = (long)OnnxElementType.Float,
        Half = (long)OnnxElementType.Float16;

    /// <summary>Weights of 64 and of 16 bits behind Casts, and a constant of 64 bits.</summary>
    [Fact]
    public void Weights_behind_casts_become_floats_under_their_names()
    {
        OnnxGraph graph = PassCases.Graph(
            [-1, 3],
            [
                OnnxNode.Create("Cast", ["w"], ["w32"], OnnxAttribute.Of("to", Float)),
                OnnxNode.Create("MatMul", ["x", "w32"], ["product"]),
                OnnxNode.Create("Cast", ["b"], ["b32"], OnnxAttribute.Of("to", Float)),
                OnnxNode.Create("Add", ["product", "b32"], ["sum"]),
                OnnxNode.Create(
                    "Constant",
                    [],
                    ["two"],
                    OnnxAttribute.Of("value", OnnxTensor.FromArray("", OnnxElementType.Double, [], [2.5]))
                ),
                OnnxNode.Create("Cast", ["two"], ["two32"], OnnxAttribute.Of("to", Float)),
                OnnxNode.Create("Mul", ["sum", "two32"], ["y"]),
            ],
            OnnxTensor.FromArray("w", OnnxElementType.Double, [3, 2], [0.5, -1, 2, 0.25, 1, -3]),
            OnnxTensor.FromArray("b", OnnxElementType.Float16, [2], [(Half)0.5f, (Half)(-2f)])
        );
        OnnxGraph changed = SingleFloats.Apply(graph);
        Assert.Equal(["w", "b"], changed.Initializers.Keys);
        Assert.All(changed.Initializers.Values, t => Assert.Equal(OnnxElementType.Float, t.ElementType));
        PassCases.AssertSame(graph, changed);
    }

    [Fact]
    public void Arithmetic_in_16_bits_becomes_that_of_32()
    {
        OnnxGraph graph = PassCases.Graph(
            [-1, 2],
            [
                OnnxNode.Create("Cast", ["x"], ["x16"], OnnxAttribute.Of("to", Half)),
                OnnxNode.Create("Add", ["x16", "b"], ["sum"]),
                OnnxNode.Create("Cast", ["sum"], ["y"], OnnxAttribute.Of("to", Float)),
            ],
            OnnxTensor.FromArray("b", OnnxElementType.Float16, [2], [(Half)0.5f, (Half)(-2f)])
        );
        OnnxGraph changed = SingleFloats.Apply(graph);
        Assert.All(changed.Nodes.Where(n => n.OpType == "Cast"), n => Assert.Equal(Float, n.Int("to", 0)));
        PassCases.AssertSame(graph, changed, tolerance: 0.01);
    }

    [Fact]
    public void A_graph_of_floats_stays_as_it_is()
    {
        OnnxGraph graph = PassCases.Graph([-1, 2], [OnnxNode.Create("Cast", ["x"], ["y"], OnnxAttribute.Of("to", Float))]);
        Assert.Same(graph, SingleFloats.Apply(graph));
    }
}
