using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;
using MLNetExtensions.Tests.Trainers;
using Xunit;

namespace MLNetExtensions.Tests.Scoring;

public class ReservedNamesTests
{
    [Fact]
    public void Leaves_graphs_alone_that_use_none_of_the_names()
    {
        OnnxGraph graph = TinyClassifier.Network();

        Assert.Same(graph, ReservedNames.Free(graph, ["Score"]));
    }

    [Fact]
    public void Renames_inputs_initializers_values_and_outputs()
    {
        OnnxGraph graph = ReservedNames.Free(TinyClassifier.Network(), ["input", "scale", "means", "logits"]);

        Assert.Equal(
            ["input_1", "scale_1", "means_1", "logits_1"],
            [graph.Inputs[0].Name, graph.Initializers.Keys.Single(), graph.Nodes[0].Outputs[0], graph.Outputs[0].Name]
        );
        Assert.Equal(["means_1", "scale_1"], graph.Nodes[1].Inputs);
        Assert.Equal("scale_1", graph.Initializers["scale_1"].Name);
    }

    [Fact]
    public void New_names_are_free_too()
    {
        OnnxGraph graph = ReservedNames.Free(TinyClassifier.Network(scaleName: "input_1"), ["input"]);

        Assert.Equal("input_2", graph.Inputs[0].Name);
    }
}
