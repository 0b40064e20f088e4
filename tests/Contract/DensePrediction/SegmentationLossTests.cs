using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Segmentation;

namespace MLNetExtensions.TrainingContract.DensePrediction;

/// <summary>The losses of a segmentation network against PyTorch; some pixels are not counted.</summary>
public class SegmentationLossTests
{
    [Theory]
    [InlineData("crossEntropy")]
    [InlineData("weighted")]
    [InlineData("focal")]
    [InlineData("dice")]
    [InlineData("lovasz")]
    public void Loss_and_gradients_are_those_of_PyTorch(string name)
    {
        var golden = new DenseGolden("segmentation");
        int[] shape = [.. golden.Find("shape").EnumerateArray().Select(size => size.GetInt32())];
        var terms = new SegmentationLossTerms(
            name is "dice" or "lovasz" ? 0 : 1,
            name == "dice" ? 1 : 0,
            name == "lovasz" ? 1 : 0,
            name == "focal" ? 2 : 0,
            name == "weighted" ? golden.Numbers("weights") : null
        );
        var network = new NetworkBuilder();
        NetworkValue logits = DenseGolden.Varied(network, "logits.weight", shape[1..]),
            mask = network.Input(1, shape[2], shape[3]);
        var loss = new SegmentationLoss(logits, mask);
        OnnxGraph graph = network.Build(NetworkValue.Concat(1, loss.Of(terms), loss.Accuracy()));

        (_, float[] output, IReadOnlyDictionary<string, OnnxTensor> gradients) = DenseGolden.Compute(
            graph,
            shape[0],
            2,
            golden.Numbers("logits"),
            golden.Numbers("mask")
        );

        float[] losses = golden.Numbers("losses", name, "loss"),
            accuracy = golden.Numbers("accuracy");
        Assert.Equal(losses.Zip(accuracy).SelectMany(row => new[] { row.First, row.Second }), output, (a, b) => Math.Abs(a - b) <= 1e-5);
        DenseGolden.Same(golden.Numbers("losses", name, "gradient"), shape[0], gradients["logits.weight"]);
    }
}
