using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Onnx.Networks.Detection;

/// <summary>The graphs of a detector, made behind a backbone's maps: one to train and one to deploy, with the same parameters.</summary>
internal sealed class DetectionGraph
{
    private readonly IReadOnlyList<FeatureMap> _maps;
    private readonly IReadOnlyList<FeatureMap> _anchored;
    private readonly IDetectionHead _head;
    private readonly int _seed;

    /// <param name="maps">The maps that the head reads, finest first.</param>
    /// <param name="head">The head.</param>
    /// <param name="seed">The seed of the initial weights.</param>
    /// <param name="anchored">The maps whose cells are anchors; null for all.</param>
    public DetectionGraph(IReadOnlyList<FeatureMap> maps, IDetectionHead head, int seed, IReadOnlyList<FeatureMap>? anchored = null) =>
        (_maps, _head, _seed, _anchored) = (maps, head, seed, anchored ?? maps);

    /// <summary>The number of anchors.</summary>
    public int Anchors => _anchored.Sum(map => map.Height * map.Width);

    /// <summary>
    /// From the maps and Float <c>objects</c> [batch, objects, 5] to one output [batch, 1 + anchors * (4 + classes)]: the loss of the image, and
    /// behind it the boxes (left, top, right, bottom) and scores as values first, then anchors.
    /// </summary>
    /// <param name="objects">The most objects of an image.</param>
    /// <param name="terms">What was chosen of the loss; null for the defaults.</param>
    public OnnxGraph ToTrain(int objects, DetectionLossTerms? terms = null) =>
        Build(
            (network, decoding, classes, distances) =>
            {
                NetworkValue truth = network.Input(objects, 5),
                    boxes = decoding.Boxes(distances);
                NetworkValue loss = DetectionLoss.Of(truth, classes, distances, boxes, decoding, _maps[0].Stride, terms ?? new());
                NetworkValue found = NetworkValue.Concat(1, [boxes, classes.Map("Sigmoid")]);
                return NetworkValue.Concat(1, [loss, found.Reshape(-1)]);
            }
        );

    /// <summary>
    /// From the maps to one output [batch, 4 + classes, anchors] as YOLOv8 has it: center, width and height of the boxes, and the scores.
    /// </summary>
    public OnnxGraph ToDeploy() =>
        // The loss alone reads the anchors' places.
        RemoveUnused.Apply(
            Build(
                (_, decoding, classes, distances) =>
                {
                    NetworkValue boxes = decoding.Boxes(distances);
                    NetworkValue first = boxes.Slice(1, 0, 2),
                        last = boxes.Slice(1, 2, 4);
                    return NetworkValue.Concat(1, [(first + last).Times(0.5f), last.Minus(first), classes.Map("Sigmoid")]);
                }
            )
        );

    private OnnxGraph Build(Func<NetworkBuilder, BoxDecoding, NetworkValue, NetworkValue, NetworkValue> end)
    {
        var network = new NetworkBuilder(_seed);
        NetworkValue[] maps = [.. _maps.Select(map => network.Input(map.Channels, map.Height, map.Width))];
        (NetworkValue classes, NetworkValue distances) = _head.Apply(network, maps);
        using IDisposable scope = network.Scope(DetectionHead.Scope);
        return network.Build(end(network, new BoxDecoding(network, new AnchorPoints(_anchored)), classes, distances));
    }
}
