namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>x times its sigmoid, also called swish (arXiv 1710.05941).</summary>
public sealed record Silu : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) =>
        layer.Node("Mul", [input.Name, layer.Node("Sigmoid", [input.Name]).Name]);
}
