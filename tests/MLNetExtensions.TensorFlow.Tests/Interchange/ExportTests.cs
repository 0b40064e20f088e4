using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.TensorFlow.Interchange;
using MLNetExtensions.TensorFlow.Proto;
using MLNetExtensions.TestData;
using MLNetExtensions.TrainingContract.Networks;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TensorFlow.Tests.Interchange;

/// <summary>ONNX graphs written as SavedModels, loaded by TensorFlow's own loader, and read back.</summary>
public sealed class ExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Model => Path.Combine(_folder.Path, "model", "1");

    public void Dispose() => _folder.Dispose();

    [NeedsBackbones]
    [Theory]
    [InlineData("resnet20_cifar10_bn.onnx", 1e-4f)]
    [InlineData("squeezenet1.1_224.onnx", 1e-4f)]
    [InlineData("mobilenetv2_1.0_224_bn.onnx", 1e-4f)]
    [InlineData("efficientnet_lite0_224_bn.onnx", 1e-4f)]
    public void A_published_network_scores_the_same_in_TensorFlow_and_read_back(string file, float tolerance)
    {
        OnnxGraph graph = OnnxGraph.Load(SharedData.PathOf("models", file));
        TensorFlowModel.WriteSavedModel(graph, Model);
        OnnxGraph back = TensorFlowModel.ReadSavedModel(Model);
        using var session = new SavedModelSession(Model);
        foreach (int rows in new[] { 1, 3, 32 })
        {
            float[] images = ScoredModels.Images(rows, [.. graph.Inputs[0].Shape!.Skip(1).Select(d => d.Size!.Value)]),
                expected = ScoredModels.InOnnxRuntime(graph, images, rows);
            ScoredModels.AssertEqual(expected, ScoredModels.InTensorFlow(session, images, rows, graph.Outputs[0].Name), tolerance);
            ScoredModels.AssertEqual(expected, ScoredModels.InOnnxRuntime(back, images, rows), tolerance);
        }
        Assert.Equal(graph.Outputs[0].Name, back.Outputs[0].Name);
        Assert.Equal(graph.Inputs[0].Name, back.Inputs[0].Name);
    }

    [Theory]
    [MemberData(nameof(ReadyNetworkTrainingTests.Small), MemberType = typeof(ReadyNetworkTrainingTests))]
    public void A_declared_network_scores_the_same_and_read_back(Onnx.Networks.Network network, int size)
    {
        OnnxGraph graph = network.Build(4, 3, size, size, seed: 1);
        TensorFlowModel.WriteSavedModel(graph, Model);
        // A recurrent network's shapes are computed from the batch in ways that reading does not follow.
        OnnxGraph? back = network is RowLstm ? null : TensorFlowModel.ReadSavedModel(Model);
        using var session = new SavedModelSession(Model);
        foreach (int rows in new[] { 1, 3 })
        {
            float[] images = ScoredModels.Images(rows, 3, size, size),
                expected = ScoredModels.InOnnxRuntime(graph, images, rows);
            float scale = Math.Max(1, expected.Max(Math.Abs));
            ScoredModels.AssertEqual(expected, ScoredModels.InTensorFlow(session, images, rows, "logits"), 1e-4f * scale);
            if (back is not null)
                ScoredModels.AssertEqual(expected, ScoredModels.InOnnxRuntime(back, images, rows), 1e-4f * scale);
        }
    }

    public static TheoryData<string> Layers => [.. LayerCases.All.Keys];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Every_layer_can_be_written_for_any_number_of_rows(string name)
    {
        LayerCases.Case test = LayerCases.All[name];
        var network = new NetworkBuilder(seed: 1);
        OnnxGraph graph = network.Build(network.Input(test.Input).Then(test.Layer));
        TensorFlowModel.WriteSavedModel(graph, Model);
        using var session = new SavedModelSession(Model);
        foreach (int rows in new[] { 1, 3 })
        {
            float[] values = ScoredModels.Images(rows, [.. test.Input.Select(i => (long)i)]);
            ScoredModels.AssertEqual(
                ScoredModels.InOnnxRuntime(graph, values, rows),
                ScoredModels.InTensorFlow(session, values, rows, graph.Outputs[0].Name),
                1e-4f
            );
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_model_has_the_structure_that_loaders_expect(bool channelsLast)
    {
        OnnxGraph graph = SmallBackbone.Create().Graph;
        TensorFlowModel.WriteSavedModel(graph, Model, new TensorFlowExportOptions { ChannelsLast = channelsLast, Signature = "score" });

        Assert.Equal(["saved_model.pb", "variables", "variables/variables.data-00000-of-00001", "variables/variables.index"], Files());
        MetaGraphDef model = Assert.Single(
            SavedModel.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(Model, "saved_model.pb"))).MetaGraphs
        );
        Assert.Equal(["serve"], model.MetaInfoDef.Tags);
        SignatureDef signature = model.SignatureDef["score"];
        Assert.Equal("tensorflow/serving/predict", signature.MethodName);
        Assert.Equal(channelsLast ? [-1, 16, 16, 3] : [-1, 3, 16, 16], signature.Inputs["image"].TensorShape.Dim.Select(d => d.Size));
        Assert.Equal([-1, 10], signature.Outputs["logits"].TensorShape.Dim.Select(d => d.Size));
        Assert.Equal(16, model.GraphDef.Node.Count(n => n.Op == "VarHandleOp"));
        Assert.Equal(16, model.CollectionDef["variables"].BytesList.Value.Count);
        Assert.Equal(10, model.CollectionDef["trainable_variables"].BytesList.Value.Count);
        HashSet<string> nodes = [.. model.GraphDef.Node.Select(n => n.Name)];
        foreach (Google.Protobuf.ByteString bytes in model.CollectionDef["variables"].BytesList.Value)
        {
            VariableDef variable = VariableDef.Parser.ParseFrom(bytes);
            Assert.True(variable.IsResource);
            Assert.All(
                [variable.VariableName[..^2], variable.InitializerName, variable.SnapshotName[..^2]],
                name => Assert.Contains(name, nodes)
            );
        }
        Assert.All(
            [model.SaverDef.FilenameTensorName[..^2], model.SaverDef.SaveTensorName[..^2], model.SaverDef.RestoreOpName],
            name => Assert.Contains(name, nodes)
        );

        // The variables hold the weights, and the graph no copy of them.
        Assert.DoesNotContain(model.GraphDef.Node, n => n.Op == "Const" && n.Attr["value"].Tensor.TensorContent.Length > 100);
        using var session = new SavedModelSession(Model);
        foreach (int rows in new[] { 1, 3, 32 })
        {
            float[] images = ScoredModels.Images(rows, 3, 16, 16),
                given = channelsLast ? ToLast(images, rows) : images;
            ScoredModels.AssertEqual(
                ScoredModels.InOnnxRuntime(graph, images, rows),
                ScoredModels.InTensorFlow(session, given, rows, "logits", "score"),
                1e-5f
            );
        }
    }

    [Fact]
    public void What_a_loader_saves_again_is_the_same()
    {
        TensorFlowModel.WriteSavedModel(SmallBackbone.Create().Graph, Model);
        using var session = new SavedModelSession(Model);
        SaverDef saver = session.Definition.SaverDef;
        string prefix = Path.Combine(_folder.Path, "again");
        using Tensor path = session.Run([], [session.Graph.Texts(isList: false, prefix)])[0];
        session.Run([(Find(saver.FilenameTensorName), path)], [Find(saver.SaveTensorName)])[0].Dispose();
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(Model, "variables", "variables.data-00000-of-00001")),
            File.ReadAllBytes(prefix + ".data-00000-of-00001")
        );

        Symbol Find(string value) =>
            new(session.Graph, new Output(NativeMethods.TF_GraphOperationByName(session.Graph.Handle, value[..^2]), 0));
    }

    [Fact]
    public void A_fixed_number_of_rows_is_written_as_it_is()
    {
        OnnxGraph graph = SmallBackbone.Create().Graph;
        TensorFlowModel.WriteSavedModel(graph, Model, new TensorFlowExportOptions { BatchSize = 2 });
        using var session = new SavedModelSession(Model);
        float[] images = ScoredModels.Images(2, 3, 16, 16);
        ScoredModels.AssertEqual(
            ScoredModels.InOnnxRuntime(graph, images, 2),
            ScoredModels.InTensorFlow(session, images, 2, "logits"),
            1e-5f
        );
        Assert.Throws<TensorFlowException>(() => ScoredModels.InTensorFlow(session, ScoredModels.Images(3, 3, 16, 16), 3, "logits"));
    }

    [Fact]
    public void Bad_options_and_graphs_are_errors()
    {
        OnnxGraph graph = SmallBackbone.Create().Graph;
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            TensorFlowModel.WriteSavedModel(graph, Model, new TensorFlowExportOptions { BatchSize = 0 })
        );
        Assert.Throws<ArgumentException>(() =>
            TensorFlowModel.WriteSavedModel(graph, Model, new TensorFlowExportOptions { Signature = "" })
        );
        Assert.Contains(
            "'nothing'",
            Assert
                .Throws<ArgumentException>(() =>
                    TensorFlowModel.WriteSavedModel(graph, Model, new TensorFlowExportOptions { Outputs = ["nothing"] })
                )
                .Message,
            StringComparison.Ordinal
        );
        OnnxGraph open = graph with { Inputs = [OnnxValue.Create("image", OnnxElementType.Float, -1, 3, -1, 16)] };
        Assert.Contains(
            "open sizes",
            Assert.Throws<NotSupportedException>(() => TensorFlowModel.WriteSavedModel(open, Model)).Message,
            StringComparison.Ordinal
        );
        OnnxGraph fixedRows = graph with
        {
            Nodes = [.. graph.Nodes, OnnxNode.Create("Reshape", ["logits", "shape"], ["flat"])],
            Initializers = graph
                .Initializers.Append(KeyValuePair.Create("shape", OnnxTensor.FromInt64s("shape", [2], [1, 10])))
                .ToDictionary(),
            Outputs = [OnnxValue.Create("flat", OnnxElementType.Float, 1, 10)],
        };
        Assert.Contains(
            "BatchSize",
            Assert.Throws<NotSupportedException>(() => TensorFlowModel.WriteSavedModel(fixedRows, Model)).Message,
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(Model));
        TensorFlowModel.WriteSavedModel(fixedRows, Model, new TensorFlowExportOptions { BatchSize = 1 });
        Assert.True(File.Exists(Path.Combine(Model, "saved_model.pb")));
    }

    [Fact]
    public void Folders_that_cannot_be_written_are_errors_and_stay_as_they_are()
    {
        OnnxGraph graph = SmallBackbone.Create().Graph;
        string file = _folder.Add("file", "x"u8),
            full = Path.GetDirectoryName(_folder.Add("full/x", "x"u8))!,
            empty = Directory.CreateDirectory(Path.Combine(_folder.Path, "empty")).FullName;
        Assert.Contains(
            $"{file} is a file",
            Assert.Throws<IOException>(() => TensorFlowModel.WriteSavedModel(graph, file)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"{full} is not empty",
            Assert.Throws<IOException>(() => TensorFlowModel.WriteSavedModel(graph, full)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            Path.Combine(file, "model"),
            Assert.Throws<IOException>(() => TensorFlowModel.WriteSavedModel(graph, Path.Combine(file, "model"))).Message,
            StringComparison.Ordinal
        );
        TensorFlowModel.WriteSavedModel(graph, empty);
        Assert.Equal(
            ["empty", "file", "full"],
            Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        Assert.Equal(["x"], Directory.EnumerateFiles(full).Select(Path.GetFileName));
    }

    [Fact]
    public void A_full_disk_leaves_nothing_behind()
    {
        using SmallDisk disk = SmallDisk.Require(1);
        OnnxGraph graph = SmallBackbone.Create().Graph;
        var random = new Random(1);
        var weights = new OrderedDictionary<string, OnnxTensor>(graph.Initializers)
        {
            ["wide"] = OnnxTensor.FromFloats("wide", [10, 65536], [.. Enumerable.Range(0, 655360).Select(_ => random.NextSingle())]),
        };
        graph = graph with
        {
            Initializers = weights,
            Nodes = [.. graph.Nodes, OnnxNode.Create("MatMul", ["logits", "wide"], ["much"])],
            Outputs = [OnnxValue.Create("much", OnnxElementType.Float, -1, 65536)],
        };
        string model = Path.Combine(disk.Folder, "model");
        Assert.Contains(
            model,
            Assert.Throws<IOException>(() => TensorFlowModel.WriteSavedModel(graph, model)).Message,
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Folder));
    }

    private static float[] ToLast(float[] images, int rows) =>
        LayoutEvaluation.Transpose(OnnxTensor.FromFloats("", [rows, 3, 16, 16], images), 0, 2, 3, 1).ToFloats();

    private IEnumerable<string> Files() =>
        Directory
            .EnumerateFileSystemEntries(Model, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Model, f))
            .Order(StringComparer.Ordinal);
}
