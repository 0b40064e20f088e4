using System.Text.Json;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Detection;

namespace MLNetExtensions.TrainingContract.DensePrediction;

/// <summary>The loss of a detector against PyTorch, where the assignment was written with loops over images, objects and anchors.</summary>
public class DetectionLossTests
{
    [Fact]
    public void Loss_and_gradients_are_those_of_PyTorch()
    {
        var golden = new DenseGolden("detection");
        int rows = golden.Find("shape", "batch").GetInt32(),
            classes = golden.Find("shape", "classes").GetInt32(),
            anchors = golden.Find("shape", "anchors").GetInt32(),
            objects = golden.Find("shape", "objects").GetInt32();
        FeatureMap[] maps =
        [
            .. golden
                .Find("shape", "maps")
                .EnumerateArray()
                .Select(map => new FeatureMap("", 1, Number(map, 0), Number(map, 1), Number(map, 2))),
        ];
        var network = new NetworkBuilder();
        NetworkValue logits = DenseGolden.Varied(network, "classes.weight", classes, anchors),
            distances = DenseGolden.Varied(network, "distances.weight", 4, DetectionHead.Bins, anchors),
            truth = network.Input(objects, 5);
        var decoding = new BoxDecoding(network, new AnchorPoints(maps));
        OnnxGraph graph = network.Build(DetectionLoss.Of(truth, logits, distances, decoding.Boxes(distances), decoding, maps[0].Stride));

        (float loss, float[] output, IReadOnlyDictionary<string, OnnxTensor> gradients) = DenseGolden.Compute(
            graph,
            rows,
            1,
            golden.Numbers("classes"),
            golden.Numbers("distances"),
            golden.Numbers("objects")
        );

        float[] expected = golden.Numbers("loss");
        Assert.Equal(expected, output, (a, b) => Math.Abs(a - b) <= 1e-5 * a);
        Assert.Equal(expected.Average(), loss, 1e-5 * expected.Average());
        DenseGolden.Same(golden.Numbers("classGradient"), rows, gradients["classes.weight"]);
        DenseGolden.Same(golden.Numbers("distanceGradient"), rows, gradients["distances.weight"]);
    }

    private static int Number(JsonElement list, int index) => list[index].GetInt32();
}
