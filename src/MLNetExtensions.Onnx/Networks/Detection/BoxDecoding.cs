namespace MLNetExtensions.Onnx.Networks.Detection;

/// <summary>Boxes of a head's distances, in the image's pixels.</summary>
internal sealed class BoxDecoding
{
    private readonly NetworkValue _centers;
    private readonly NetworkValue _steps;
    private readonly NetworkValue _bins;

    /// <param name="network">The network.</param>
    /// <param name="points">The anchors of the head's maps.</param>
    public BoxDecoding(NetworkBuilder network, AnchorPoints points)
    {
        (X, Y) = (
            network.Constant("anchors/x", [1, 1, points.Count], points.X),
            network.Constant("anchors/y", [1, 1, points.Count], points.Y)
        );
        _centers = network.Constant("anchors/centers", [1, 4, points.Count], [.. points.X, .. points.Y, .. points.X, .. points.Y]);
        float[] back = [.. points.Strides.Select(stride => -stride)];
        _steps = network.Constant("anchors/steps", [1, 4, points.Count], [.. back, .. back, .. points.Strides, .. points.Strides]);
        _bins = network.Constant(
            "anchors/bins",
            [1, 1, DetectionHead.Bins, 1],
            [.. Enumerable.Range(0, DetectionHead.Bins).Select(bin => (float)bin)]
        );
    }

    /// <summary>The anchors' columns, [1, 1, anchors].</summary>
    public NetworkValue X { get; }

    /// <summary>The anchors' rows, [1, 1, anchors].</summary>
    public NetworkValue Y { get; }

    /// <summary>The boxes [batch, 4, anchors]: left, top, right, bottom.</summary>
    /// <param name="distances">The logits of the distances, [batch, 4, bins, anchors].</param>
    public NetworkValue Boxes(NetworkValue distances)
    {
        NetworkValue mean = (distances.Map("Softmax", OnnxAttribute.Of("axis", 2L)) * _bins).Reduce("ReduceSum", 2);
        return _centers + mean.Reshape(4, -1) * _steps;
    }

    /// <summary>The cross-entropy of the distances to boxes, [batch, 1, anchors], a mean over the four sides.</summary>
    /// <param name="distances">The logits of the distances, [batch, 4, bins, anchors].</param>
    /// <param name="boxes">The boxes that they should be, [batch, 4, anchors].</param>
    // A distance between two steps belongs to both, by how near they are: distribution focal loss (arXiv 2006.04388).
    public NetworkValue DistributionLoss(NetworkValue distances, NetworkValue boxes)
    {
        NetworkValue wanted = boxes.Minus(_centers).Over(_steps).Clip(0, DetectionHead.Bins - 1.01f).Reshape(4, 1, -1);
        NetworkValue belongs = wanted.Minus(_bins).Map("Abs").Times(-1).Plus(1).AtLeast(0);
        NetworkValue chosen = (distances.Map("LogSoftmax", OnnxAttribute.Of("axis", 2L)) * belongs).Reduce("ReduceSum", 2);
        return chosen.Reshape(4, -1).Reduce("ReduceMean", 1).Times(-1);
    }
}
