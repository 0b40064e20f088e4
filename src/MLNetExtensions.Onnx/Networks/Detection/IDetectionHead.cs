namespace MLNetExtensions.Onnx.Networks.Detection;

/// <summary>What makes a detector's logits of maps.</summary>
internal interface IDetectionHead
{
    /// <summary>Adds the head.</summary>
    /// <param name="network">The network.</param>
    /// <param name="maps">The maps that it reads.</param>
    /// <returns>The logits of the classes [batch, classes, anchors] and of the distances [batch, 4, Bins, anchors]: left, top, right, bottom.
    /// </returns>
    (NetworkValue Classes, NetworkValue Distances) Apply(NetworkBuilder network, IReadOnlyList<NetworkValue> maps);
}
