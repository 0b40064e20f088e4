namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>The hyperbolic tangent.</summary>
public sealed record Tanh : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) => layer.Node("Tanh", [input.Name]);
}
