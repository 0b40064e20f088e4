using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.TensorFlow.Interchange;
using MLNetExtensions.TensorFlow.Tests.Interchange;

namespace MLNetExtensions.TensorFlow.Tests.Docs;

/// <summary>The block of docs/tensorflow-models.md, run.</summary>
public class ModelDocumentTests
{
    [Fact]
    public void Models_of_TensorFlow()
    {
        LibraryForTests.Require();
        string savedModelFolder = Directory.CreateTempSubdirectory("tf").FullName, frozenFile = Path.Combine(savedModelFolder, "frozen.pb");
        using (var network = new TensorFlowGraph())
        {
            ForeignModels.Network(network);
            File.WriteAllBytes(frozenFile, network.ToDefinition());
            ForeignModels.WriteSavedModel(network, savedModelFolder);
        }

        OnnxGraph graph = TensorFlowModel.ReadFrozenGraph(frozenFile);          // no TensorFlow library needed
        OnnxGraph keras = TensorFlowModel.ReadSavedModel(savedModelFolder);     // reads variables through TensorFlow's library
        Backbone backbone = Backbone.FromGraph(graph);

        Assert.Equal("scores", graph.Outputs[0].Name);
        Assert.Equal("probabilities", keras.Outputs[0].Name);
        Assert.Equal(graph.Nodes.Count, backbone.Graph.Nodes.Count);
        Directory.Delete(savedModelFolder, recursive: true);
    }

    [Fact]
    public void Several_machines()
    {
        var cluster = new TensorFlowCluster(["10.0.0.1:2222", "10.0.0.2:2222"], index: 0)   // or TensorFlowCluster.FromEnvironment(): TF_CONFIG
        {
            Timeout = TimeSpan.FromSeconds(60),                          // of a step: a worker that is gone is an error then
        };
        var options = new TensorFlowRuntimeOptions { Cluster = cluster };

        Assert.Equal(2, options.Cluster.Workers.Count);
        Assert.Equal(60, cluster.Timeout.TotalSeconds);
    }
}
