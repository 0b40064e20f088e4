namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>x within two limits.</summary>
/// <param name="Minimum">The lower limit.</param>
/// <param name="Maximum">The upper limit.</param>
public sealed record HardTanh(float Minimum = -1, float Maximum = 1) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) =>
        layer.Node("Clip", [input.Name, layer.Number("min", Minimum), layer.Number("max", Maximum)]);
}
