using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.TensorFlow.Interchange;
using MLNetExtensions.TensorFlow.Proto;
using MLNetExtensions.Tests.Trainers;
using Tensor = MLNetExtensions.TensorFlow.Native.Tensor;

namespace MLNetExtensions.TensorFlow.Tests.Interchange;

/// <summary>Networks built by TensorFlow's C API, scored by its session and, imported, by ONNX Runtime.</summary>
public sealed class ImportTests
{
    [Fact]
    public void A_frozen_graph_scores_the_same()
    {
        using var folder = new Folder();
        using var graph = new TensorFlowGraph();
        (Symbol input, Symbol output) = ForeignModels.Network(graph);
        string path = Path.Combine(folder.Path, "frozen.pb");
        File.WriteAllBytes(path, graph.ToDefinition());

        Compare(graph, input, output, TensorFlowModel.ReadFrozenGraph(path), "image", "scores");
    }

    [Fact]
    public void A_SavedModel_with_a_function_and_a_variable_scores_the_same()
    {
        using var folder = new Folder();
        using var graph = new TensorFlowGraph();
        (Symbol input, Symbol output) = ForeignModels.Network(graph);
        ForeignModels.WriteSavedModel(graph, folder.Path);

        Compare(graph, input, output, TensorFlowModel.ReadSavedModel(folder.Path), "image", "probabilities");
    }

    [Fact]
    public void A_fixed_batch_becomes_open_and_shapes_are_computed()
    {
        using var folder = new Folder();
        using var graph = new TensorFlowGraph();
        Symbol input = graph.Op("Placeholder").Named("image").Set("dtype", DataType.Float).SetShape("shape", [-1, 17, 19, 3]).Output();
        Symbol x = graph.Pad(input, [(0, 0), (1, 2), (0, 3), (0, 0)]);
        x = graph
            .Op("Conv2D")
            .Input(x)
            .Input(
                graph.Constant(
                    new float[3 * 3 * 3 * 2]
                        .Select((_, i) => MathF.Sin(i))
                        .ToArray(),
                    3,
                    3,
                    3,
                    2
                )
            )
            .Set("strides", [1, 4, 4, 1])
            .Set("padding", "VALID")
            .Output();
        Symbol batch = graph
            .Op("StridedSlice")
            .Input(graph.Unary("Shape", x))
            .Input(graph.Int32s(0))
            .Input(graph.Int32s(1))
            .Input(graph.Int32s(1))
            .Set("shrink_axis_mask", 1)
            .Output();
        Symbol shape = graph.Op("Pack").Inputs([batch, graph.Int32(-1)]).Output();
        x = graph.Op("Reshape").Input(x).Input(shape).Output();
        x = graph.MatMul(
            x,
            graph.Constant(
                new float[5 * 5 * 2 * 5]
                    .Select((_, i) => MathF.Cos(i))
                    .ToArray(),
                50,
                5
            )
        );
        Symbol output = graph.Op("Softmax").Named("scores").Input(x).Output();
        GraphDef definition = GraphDef.Parser.ParseFrom(graph.ToDefinition());
        definition.Node.First(n => n.Name == "image").Attr["shape"].Shape.Dim[0].Size = 1;
        string path = Path.Combine(folder.Path, "frozen.pb");
        File.WriteAllBytes(path, definition.ToByteArray());

        Compare(graph, input, output, TensorFlowModel.ReadFrozenGraph(path), "image", "scores", transposes: 1);
    }

    [Fact]
    public void An_imported_graph_is_a_backbone()
    {
        using var folder = new Folder();
        using var graph = new TensorFlowGraph();
        ForeignModels.Network(graph);
        string path = Path.Combine(folder.Path, "frozen.pb"),
            onnx = Path.Combine(folder.Path, "network.onnx");
        File.WriteAllBytes(path, graph.ToDefinition());
        TensorFlowModel.ReadFrozenGraph(path).Save(onnx);

        var ml = new MLContext(seed: 1);
        using var images = new ColorImages(4);
        float[][] features =
        [
            .. ml
                .Transforms.ExtractImageFeatures("Features", "Image", Backbone.FromFile(onnx))
                .Fit(images.Paths(ml))
                .Transform(images.Paths(ml))
                .GetColumn<float[]>("Features"),
        ];

        Assert.All(features, row => Assert.All(row, value => Assert.True(float.IsFinite(value))));
        Assert.True(features.Select(row => string.Join(',', row)).Distinct().Count() > 1);
    }

    [NeedsNothing]
    [Fact]
    public void Unknown_ops_are_all_named_and_damaged_files_are_errors()
    {
        using var folder = new Folder();
        string path = Path.Combine(folder.Path, "graph.pb");
        var graph = new GraphDef();
        graph.Node.Add(new NodeDef { Name = "in", Op = "Placeholder" });
        graph.Node.Add(
            new NodeDef
            {
                Name = "a",
                Op = "Strange",
                Input = { "in" },
            }
        );
        graph.Node.Add(
            new NodeDef
            {
                Name = "b",
                Op = "Stranger",
                Input = { "a" },
            }
        );
        File.WriteAllBytes(path, graph.ToByteArray());
        string message = Assert.Throws<TensorFlowFormatException>(() => TensorFlowModel.ReadFrozenGraph(path)).Message;
        Assert.Contains("Strange ('a'); Stranger ('b')", message, StringComparison.Ordinal);

        File.WriteAllBytes(path, graph.ToByteArray()[..^3]);
        Assert.Throws<TensorFlowFormatException>(() => TensorFlowModel.ReadFrozenGraph(path));

        graph.Node[1].Input[0] = "b";
        File.WriteAllBytes(path, graph.ToByteArray());
        Assert.Contains(
            "circular",
            Assert.Throws<TensorFlowFormatException>(() => TensorFlowModel.ReadFrozenGraph(path, new() { Output = "b" })).Message,
            StringComparison.Ordinal
        );
    }

    private static void Compare(
        TensorFlowGraph graph,
        Symbol input,
        Symbol output,
        OnnxGraph imported,
        string inputName,
        string outputName,
        int transposes = 0
    )
    {
        Assert.Equal(transposes, imported.Nodes.Count(n => n.OpType == "Transpose"));
        const int batch = 3;
        var random = new Random(1);
        float[] image = [.. Enumerable.Range(0, batch * 17 * 19 * 3).Select(_ => (float)random.NextDouble())];
        using var session = new GraphSession(graph, []);
        using Tensor fed = Tensor.Of<float>(DataType.Float, [batch, 17, 19, 3], image);
        using Tensor expected = session.Run([(input, fed)], [output])[0];
        OnnxTensor first = LayoutEvaluation.Transpose(OnnxTensor.FromFloats("", [batch, 17, 19, 3], image), 0, 3, 1, 2);
        using var runtime = new InferenceSession(imported.ToBytes());
        using var results = runtime.Run([
            NamedOnnxValue.CreateFromTensor(inputName, new DenseTensor<float>(first.ToFloats(), [batch, 3, 17, 19])),
        ]);
        Assert.Equal(outputName, results[0].Name);
        float[] actual = [.. results[0].AsEnumerable<float>()];
        Assert.Equal(batch * 5, actual.Length);
        for (int i = 0; i < actual.Length; i++)
            Assert.Equal(expected.Floats[i], actual[i], 1e-4f);
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("tf").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
