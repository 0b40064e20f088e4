using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Passes;

public sealed class ReluAfterMaxPoolTests
{
    [Fact]
    public void The_order_changes_and_the_values_stay()
    {
        OnnxGraph graph = Graph(["y"]);
        OnnxGraph changed = ReluAfterMaxPool.Apply(graph);
        Assert.Equal(["MaxPool", "Relu", "Neg"], changed.Nodes.Select(n => n.OpType));
        Assert.Equal(Run(graph), Run(changed));
        Assert.Equal(changed.ToBytes(), ReluAfterMaxPool.Apply(changed).ToBytes());
    }

    [Fact]
    public void A_relu_that_is_read_elsewhere_stays()
    {
        OnnxGraph graph = Graph(["y", "a"]);
        Assert.Equal(["Relu", "MaxPool", "Neg"], ReluAfterMaxPool.Apply(graph).Nodes.Select(n => n.OpType));
    }

    [Fact]
    public void Indices_keep_the_order()
    {
        OnnxGraph graph = Graph(["y"]);
        graph = graph with { Nodes = [graph.Nodes[0], graph.Nodes[1] with { Outputs = ["b", "indices"] }, graph.Nodes[2]] };
        Assert.Equal("Relu", ReluAfterMaxPool.Apply(graph).Nodes[0].OpType);
    }

    private static OnnxGraph Graph(string[] outputs) =>
        new()
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, 1, 2, 5, 5)],
            Outputs = [.. outputs.Select(name => OnnxValue.Create(name, OnnxElementType.Float, -1, -1, -1, -1))],
            Nodes =
            [
                OnnxNode.Create("Relu", ["x"], ["a"]),
                OnnxNode.Create(
                    "MaxPool",
                    ["a"],
                    ["b"],
                    OnnxAttribute.Of("kernel_shape", 3L, 3),
                    OnnxAttribute.Of("strides", 2L, 2),
                    OnnxAttribute.Of("pads", 1L, 1, 1, 1)
                ),
                OnnxNode.Create("Neg", ["b"], ["y"]),
            ],
            Initializers = new Dictionary<string, OnnxTensor>(),
        };

    private static float[] Run(OnnxGraph graph)
    {
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, 50).Select(_ => random.NextSingle() - 0.8f)];
        using var session = new InferenceSession(graph.ToBytes());
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([
            NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(values, [1, 2, 5, 5])),
        ]);
        return [.. results[0].AsEnumerable<float>()];
    }
}
