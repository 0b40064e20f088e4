namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>max(x, 0) + min(Alpha * (exp(x / Alpha) - 1), 0) (arXiv 1704.07483).</summary>
/// <param name="Alpha">Minus the limit below 0.</param>
public sealed record Celu(float Alpha = 1) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) =>
        layer.Node("Celu", [input.Name], OnnxAttribute.Of("alpha", Alpha));
}
