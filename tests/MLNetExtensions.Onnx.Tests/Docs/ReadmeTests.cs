using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Checking;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Docs;

/// <summary>The README's block of graphs without ML.NET.</summary>
public sealed class ReadmeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_graph_is_read_checked_cut_and_written()
    {
        string graphFile = Path.Combine(_folder.Path, "model.onnx"),
            bodyFile = Path.Combine(_folder.Path, "body.onnx");
        OnnxGraph model = PassCases.Graph(
            [-1, 4],
            [
                OnnxNode.Create("Tanh", ["x"], ["image"]),
                OnnxNode.Create("Relu", ["image"], ["features"]),
                OnnxNode.Create("Softmax", ["features"], ["y"]),
            ]
        );
        model.Save(graphFile);

        OnnxGraph graph = OnnxGraph.Load(graphFile);
        foreach (OnnxProblem problem in graph.Check()) // undefined values, doubled names, unknown operators, shapes that do not fit
            Console.WriteLine(problem);
        OnnxGraph body = graph.Extract(["image"], ["features"]); // as onnx.utils.extract_model does
        OpsetUpgrade.Apply(body).Save(bodyFile);

        Assert.Equal("Relu", Assert.Single(OnnxGraph.Load(bodyFile).Nodes).OpType);
    }
}
