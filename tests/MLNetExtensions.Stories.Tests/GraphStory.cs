using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Checking;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.Stories.Tests.Drawing;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>An ONNX graph is written, read, checked, cut and changed, without ML.NET.</summary>
public sealed class GraphStory : IDisposable
{
    private readonly ShapeFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_graph_is_declared_cut_checked_and_written()
    {
        string file = _folder.File("network.onnx");
        new TinyNetwork().Build(outputs: 3).Save(file);

        OnnxGraph graph = OnnxGraph.Load(file);
        Assert.Empty(graph.Check());
        Assert.Equal(
            3 * 8 * 9 + 8 + 4 * 8 + 8 * 16 * 9 + 16 + 4 * 16 + 16 * 3 + 3,
            graph.Summary().Parameters + graph.Summary().NonTrainableParameters
        );
        OnnxNode classifier = graph.Nodes[^1];
        OnnxGraph body = BatchNormFolding.Apply(graph.Extract([graph.Inputs[0].Name], [classifier.Inputs[0]]));
        body.Save(_folder.File("body.onnx"));

        OnnxGraph again = OnnxGraph.Load(_folder.File("body.onnx"));
        Assert.Empty(again.Check());
        Assert.DoesNotContain(again.Nodes, node => node.OpType is "BatchNormalization" or "Gemm");
        Assert.Equal(16, again.Outputs[0].Shape![1].Size);
    }

    [Fact]
    public void A_broken_graph_says_what_is_wrong_with_it()
    {
        OnnxGraph graph = new TinyNetwork().Build(outputs: 3);
        OnnxNode first = graph.Nodes[0];

        OnnxGraph broken = graph with { Nodes = [first with { Inputs = ["lost", .. first.Inputs.Skip(1)] }, .. graph.Nodes.Skip(1)] };

        OnnxProblem problem = Assert.Single(broken.Check(), p => p.Kind == OnnxProblemKind.UndefinedValue);
        Assert.Equal("lost", problem.Value);
        Assert.Contains("lost", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_is_made_of_nodes_by_hand()
    {
        var graph = new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = 13 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 4)],
            Outputs = [OnnxValue.Create("y", OnnxElementType.Float, -1, 4)],
            Nodes = [OnnxNode.Create("Mul", ["x", "two"], ["y"])],
            Initializers = new Dictionary<string, OnnxTensor> { ["two"] = OnnxTensor.FromFloats("two", [1], [2]) },
        };

        OnnxGraph newest = OpsetUpgrade.Apply(OnnxGraph.Load(new MemoryStream(graph.ToBytes())));

        Assert.Empty(newest.Check());
        Assert.Equal(OnnxGraph.MaximumOpset, newest.Opset);
        Assert.Equal([2f], newest.Initializers["two"].ToFloats());
    }
}
