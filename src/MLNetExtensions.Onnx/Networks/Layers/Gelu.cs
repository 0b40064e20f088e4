namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>x times the normal distribution function of x (arXiv 1606.08415).</summary>
/// <param name="Approximate">True to use the tanh approximation instead of the error function.</param>
public sealed record Gelu(bool Approximate = false) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) =>
        layer.Node("Gelu", [input.Name], OnnxAttribute.Of("approximate", Approximate ? "tanh" : "none"));
}
