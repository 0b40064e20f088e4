namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>x where positive, else Alpha * (exp(x) - 1) (arXiv 1511.07289).</summary>
/// <param name="Alpha">Minus the limit below 0.</param>
public sealed record Elu(float Alpha = 1) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) =>
        layer.Node("Elu", [input.Name], OnnxAttribute.Of("alpha", Alpha));
}
