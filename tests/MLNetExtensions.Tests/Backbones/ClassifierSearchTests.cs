using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Tests.Backbones;

/// <summary>Where features end and the classifier begins.</summary>
public sealed class ClassifierSearchTests
{
    [Fact]
    public void Class_scores_behind_a_BatchNormalization_are_no_features()
    {
        OnnxGraph graph = WithBatchNorm(SmallNetwork.Create(-1, 3, 8, 8), 2);

        Assert.Equal(4, BackboneCut.Cut(graph).Outputs[0].Shape![1].Size);
    }

    [Fact]
    public void An_embedding_behind_a_BatchNormalization_is_the_features()
    {
        OnnxGraph graph = SmallNetwork.Create(-1, 3, 8, 8);
        var weights = new OrderedDictionary<string, OnnxTensor>(graph.Initializers)
        {
            ["fc.weight"] = OnnxTensor.FromFloats("fc.weight", [128, 4], new float[512]),
            ["fc.bias"] = OnnxTensor.FromFloats("fc.bias", [128], new float[128]),
        };

        Assert.Equal(128, BackboneCut.Cut(WithBatchNorm(graph with { Initializers = weights }, 128)).Outputs[0].Shape![1].Size);
    }

    private static OnnxGraph WithBatchNorm(OnnxGraph graph, int width)
    {
        var initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers);
        foreach (string part in new[] { "scale", "bias", "mean", "var" })
            initializers[$"bn.{part}"] = OnnxTensor.FromFloats($"bn.{part}", [width], [.. Enumerable.Repeat(1f, width)]);
        return graph with
        {
            Nodes =
            [
                .. graph.Nodes.Where(n => n.OpType != "Softmax"),
                OnnxNode.Create("BatchNormalization", ["logits", "bn.scale", "bn.bias", "bn.mean", "bn.var"], ["scores"]),
            ],
            Outputs = [OnnxValue.Create("scores", OnnxElementType.Float, -1, width)],
            Initializers = initializers,
        };
    }
}
