using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.TensorFlow.Interchange.Ops;
using Tensor = MLNetExtensions.TensorFlow.Native.Tensor;

namespace MLNetExtensions.TensorFlow.Tests.Interchange;

/// <summary>Each op by itself: TensorFlow's answer and, of the imported graph, ONNX Runtime's.</summary>
public sealed class ImportOpTests
{
    private const int Rows = 2;

    public static TheoryData<string> Names => [.. ImportCases.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Scores_the_same(string name)
    {
        using var folder = new TemporaryFolder();
        using var graph = new TensorFlowGraph();
        Symbol input = graph.Op("Placeholder").Named("x").Set("dtype", DataType.Float).SetShape("shape", [-1, 6, 5, 3]).Output();
        Symbol output = graph.Op("Identity").Named("y").Input(ImportCases.All[name](graph, input)).Output();
        string path = folder.Add("graph.pb", graph.ToDefinition());

        float[] images = ScoredModels.Images(Rows, 6, 5, 3);
        using var session = new GraphSession(graph, []);
        using Tensor fed = Tensor.Of<float>(DataType.Float, [Rows, 6, 5, 3], images);
        using Tensor result = session.Run([(input, fed)], [output])[0];
        OnnxTensor expected = OnnxTensor.FromFloats("", result.Shape, result.Floats.ToArray());

        OnnxGraph imported = TensorFlowModel.ReadFrozenGraph(path, new TensorFlowImportOptions { Input = "x", Output = "y" });
        long[] shape = [.. imported.Outputs[0].Shape!.Select(d => d.Size ?? Rows)];
        // An image comes out with its channels first.
        if (!shape.AsSpan().SequenceEqual([.. expected.Shape]) && shape.Length == 4)
            expected = LayoutEvaluation.Transpose(expected, 0, 3, 1, 2);
        Assert.Equal(expected.Shape, shape);
        float[] first = LayoutEvaluation.Transpose(OnnxTensor.FromFloats("", [Rows, 6, 5, 3], images), 0, 3, 1, 2).ToFloats();
        ScoredModels.AssertEqual(expected.ToFloats(), ScoredModels.InOnnxRuntime(imported, first, Rows), 1e-5f);
    }

    [NeedsNothing]
    [Fact]
    public void Every_op_has_a_case() =>
        Assert.Equal(ImportOps.Names, ImportCases.All.Keys.Select(name => name.Split(' ')[0]).Distinct().Order(StringComparer.Ordinal));
}
