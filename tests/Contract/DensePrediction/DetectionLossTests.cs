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
        OnnxGraph graph = network.Build(
            DetectionLoss.Of(truth, logits, distances, decoding.Boxes(distances), decoding, maps[0].Stride, new())
        );

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

    [Fact]
    public void Scores_that_are_nearly_right_count_less_and_classes_by_their_weight()
    {
        // Without objects every score should be 0, so that the loss is known.
        const int Classes = 2;
        FeatureMap[] maps = [new FeatureMap("", 1, 2, 2, 8)];
        var network = new NetworkBuilder();
        NetworkValue logits = DenseGolden.Varied(network, "classes.weight", Classes, 4),
            distances = DenseGolden.Varied(network, "distances.weight", 4, DetectionHead.Bins, 4),
            truth = network.Input(1, 5);
        var decoding = new BoxDecoding(network, new AnchorPoints(maps));
        OnnxGraph graph = network.Build(
            DetectionLoss.Of(
                truth,
                logits,
                distances,
                decoding.Boxes(distances),
                decoding,
                maps[0].Stride,
                new DetectionLossTerms(FocalGamma: 2, ClassWeights: [1, 3])
            )
        );
        float[] values = [-3, -1, 0, 2, -4, 0.5f, 1, -2];

        (float loss, _, IReadOnlyDictionary<string, OnnxTensor> gradients) = DenseGolden.Compute(
            graph,
            1,
            1,
            values,
            new float[4 * DetectionHead.Bins * 4],
            [-1, -1, -1, -1, -1]
        );

        Assert.Equal(values.Select((value, i) => Term(value, i)).Sum(), loss, 1e-4 * loss);
        for (int i = 0; i < values.Length; i++)
        {
            int at = i;
            const double Step = 1e-4;
            double slope = (Term(values[at] + Step, at) - Term(values[at] - Step, at)) / (2 * Step);
            Assert.Equal(slope, gradients["classes.weight"].ToFloats()[at], 1e-3 * Math.Max(1, Math.Abs(slope)));
        }

        // Weighted by 0.5 and divided by 0.1, the least sum of scores.
        static double Term(double value, int i) =>
            5 * (i < 4 ? 1 : 3) * Math.Log(1 + Math.Exp(value)) * Math.Pow(1 / (1 + Math.Exp(-value)), 2);
    }

    private static int Number(JsonElement list, int index) => list[index].GetInt32();
}
