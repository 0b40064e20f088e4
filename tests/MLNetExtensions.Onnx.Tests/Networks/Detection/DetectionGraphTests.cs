using MLNetExtensions.Onnx.Networks.Detection;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Networks.Detection;

public class DetectionGraphTests
{
    private static readonly FeatureMap[] s_maps = [new("a", 6, 4, 8, 8), new("b", 8, 2, 4, 16), new("c", 10, 1, 2, 32)];

    [Fact]
    public void The_deployed_graph_has_boxes_and_scores_for_each_anchor()
    {
        OnnxGraph graph = new DetectionGraph(s_maps, new DetectionHead(3, 8, 2), seed: 1).ToDeploy();
        Assert.Equal(["batch", "7", "42"], [.. graph.Outputs[0].Shape!.Select((d, i) => i == 0 ? "batch" : $"{d.Size}")]);
    }

    [Fact]
    public void The_graphs_have_the_same_parameters()
    {
        var detector = new DetectionGraph(s_maps, new DetectionHead(3, 8, 2), seed: 1);
        OnnxGraph trained = detector.ToTrain(5),
            deployed = detector.ToDeploy();
        Assert.Equal(42, detector.Anchors);
        Assert.Equal(4, trained.Inputs.Count);
        Assert.Equal(1 + 42 * 7, trained.Outputs[0].Shape![1].Size);
        foreach (
            (string name, OnnxTensor tensor) in deployed.Initializers.Where(i => i.Key.StartsWith("detector.", StringComparison.Ordinal))
        )
            Assert.Equal(tensor.ToFloats(), trained.Initializers[name].ToFloats());
    }

    [Fact]
    public void Anchors_lie_in_the_middle_of_their_cells()
    {
        var points = new AnchorPoints(s_maps);
        Assert.Equal((4f, 4f, 8f), (points.X[0], points.Y[0], points.Strides[0]));
        Assert.Equal((60f, 28f, 8f), (points.X[31], points.Y[31], points.Strides[31]));
        Assert.Equal((48f, 16f, 32f), (points.X[41], points.Y[41], points.Strides[41]));
    }
}
