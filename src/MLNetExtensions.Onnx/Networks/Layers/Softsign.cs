namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>x / (1 + |x|).</summary>
public sealed record Softsign : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) => layer.Node("Softsign", [input.Name]);
}
