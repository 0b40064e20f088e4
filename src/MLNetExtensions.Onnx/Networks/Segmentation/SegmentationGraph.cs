using MLNetExtensions.Onnx.Networks.Detection;
using MLNetExtensions.Onnx.Networks.Layers;

namespace MLNetExtensions.Onnx.Networks.Segmentation;

/// <summary>The graphs of a segmentation network, made behind a backbone's maps: one to train and one to deploy.</summary>
/// <param name="maps">The backbone's maps, finest first.</param>
/// <param name="head">The head.</param>
/// <param name="seed">The seed of the initial weights.</param>
internal sealed class SegmentationGraph(IReadOnlyList<FeatureMap> maps, SegmentationHead head, int seed)
{
    /// <summary>
    /// From the maps and Float <c>mask</c> [batch, height, width] to one output [batch, 2 + height * width]: the loss of the image, the fraction
    /// of its pixels that are right, and the class of each pixel, row after row.
    /// </summary>
    /// <param name="terms">The loss.</param>
    public OnnxGraph ToTrain(SegmentationLossTerms terms) =>
        Build(
            (network, logits) =>
            {
                NetworkValue mask = network.Input(logits.Shape[1], logits.Shape[2]).Reshape(1, logits.Shape[1], logits.Shape[2]);
                var loss = new SegmentationLoss(logits, mask);
                return NetworkValue.Concat(1, [loss.Of(terms), loss.Accuracy(), loss.Predicted().Reshape(-1)]);
            }
        );

    /// <summary>From the maps to the logits of the classes at the image's size, [batch, classes, height, width].</summary>
    public OnnxGraph ToDeploy() => Build((_, logits) => logits);

    private OnnxGraph Build(Func<NetworkBuilder, NetworkValue, NetworkValue> end)
    {
        var network = new NetworkBuilder(seed);
        NetworkValue[] inputs = [.. maps.Select(map => network.Input(map.Channels, map.Height, map.Width))];
        NetworkValue logits = head.Apply(network, inputs).Then(new UpSampling2D(maps[0].Stride, Bilinear: true));
        return network.Build(end(network, logits));
    }
}
