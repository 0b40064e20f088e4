namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>Multiplies all values by a fixed number.</summary>
/// <param name="Factor">The number.</param>
public sealed record Scale(float Factor) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) =>
        layer.Node("Mul", [input.Name, layer.Number("factor", Factor)]);
}
