using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.TensorFlow.Interchange;
using MLNetExtensions.TensorFlow.Tests.Interchange;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TensorFlow.Tests.Docs;

/// <summary>The block of docs/tensorflow-models.md, run.</summary>
public class ModelDocumentTests
{
    [Fact]
    public void Models_of_TensorFlow()
    {
        string savedModelFolder = Directory.CreateTempSubdirectory("tf").FullName,
            frozenFile = Path.Combine(savedModelFolder, "frozen.pb");
        using (var network = new TensorFlowGraph())
        {
            ForeignModels.Network(network);
            File.WriteAllBytes(frozenFile, network.ToDefinition());
            ForeignModels.WriteSavedModel(network, savedModelFolder);
        }

        OnnxGraph graph = TensorFlowModel.ReadFrozenGraph(frozenFile); // no TensorFlow library needed
        OnnxGraph keras = TensorFlowModel.ReadSavedModel(savedModelFolder); // reads variables through TensorFlow's library
        Backbone backbone = Backbone.FromGraph(graph);

        Assert.Equal("scores", graph.Outputs[0].Name);
        Assert.Equal("probabilities", keras.Outputs[0].Name);
        Assert.Equal(graph.Nodes.Count, backbone.Graph.Nodes.Count);
        Directory.Delete(savedModelFolder, recursive: true);
    }

    [Fact]
    public void Models_for_TensorFlow()
    {
        using var folder = new TemporaryFolder();
        using var images = new ColorImages(12);
        var ml = new MLContext(seed: 1);
        OnnxGraph graph = SmallBackbone.Create().Graph;
        string exportFolder = Path.Combine(folder.Path, "graph"),
            servingFolder = Path.Combine(folder.Path, "models");
        using TrainNetworkTransformer model = ml
            .MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    CreateGraph = SmallCnn.Create,
                    Epochs = 1,
                    Runtime = TensorFlowRuntime.Create(),
                }
            )
            .Fit(images.Paths(ml));

        TensorFlowModel.WriteSavedModel(graph, exportFolder); // any ONNX graph that the runtime's kernels know
        model.ExportSavedModel(Path.Combine(servingFolder, "photos", "1")); // a model of TrainNetwork or FineTune, its labels beside it

        Assert.Equal("logits", TensorFlowModel.ReadSavedModel(exportFolder).Outputs[0].Name);
        Assert.Equal("pixels", TensorFlowModel.ReadSavedModel(Path.Combine(servingFolder, "photos", "1")).Inputs[0].Name);
        Assert.Equal(3, File.ReadAllLines(Path.Combine(servingFolder, "photos", "1", "assets.extra", "labels.txt")).Length);
    }

    [NeedsNothing]
    [Fact]
    public void Several_machines()
    {
        var cluster = new TensorFlowCluster(["10.0.0.1:2222", "10.0.0.2:2222"], index: 0) // or TensorFlowCluster.FromEnvironment(): TF_CONFIG
        {
            Timeout = TimeSpan.FromSeconds(60), // of a step: a worker that is gone is an error then
        };
        var options = new TensorFlowRuntimeOptions { Cluster = cluster };

        Assert.Equal(2, options.Cluster.Workers.Count);
        Assert.Equal(60, cluster.Timeout.TotalSeconds);
    }
}
