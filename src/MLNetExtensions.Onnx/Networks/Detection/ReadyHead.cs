namespace MLNetExtensions.Onnx.Networks.Detection;

/// <summary>
/// The head of a whole detector, whose maps are logits already: first those of the classes [batch, classes, height, width], finest first, then
/// those of the distances [batch, 4 * Bins, height, width], a side after the other, as YOLOv8 has them.
/// </summary>
internal sealed class ReadyHead : IDetectionHead
{
    public (NetworkValue Classes, NetworkValue Distances) Apply(NetworkBuilder network, IReadOnlyList<NetworkValue> maps)
    {
        int strides = maps.Count / 2;
        return (
            NetworkValue.Concat(2, [.. maps.Take(strides).Select(map => map.Reshape(map.Shape[0], -1))]),
            NetworkValue
                .Concat(2, [.. maps.Skip(strides).Select(map => map.Reshape(4 * DetectionHead.Bins, -1))])
                .Reshape(4, DetectionHead.Bins, -1)
        );
    }
}
