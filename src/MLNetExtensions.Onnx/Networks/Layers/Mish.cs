namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>x * tanh(softplus(x)) (arXiv 1908.08681).</summary>
public sealed record Mish : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) => layer.Node("Mish", [input.Name]);
}
