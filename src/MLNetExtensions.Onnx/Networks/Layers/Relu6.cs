namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>x within 0 and 6 (MobileNet).</summary>
public sealed record Relu6 : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) =>
        layer.Node("Clip", [input.Name, layer.Number("min", 0), layer.Number("max", 6)]);
}
