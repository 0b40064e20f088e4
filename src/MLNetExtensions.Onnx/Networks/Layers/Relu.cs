namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>max(x, 0).</summary>
public sealed record Relu : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) => layer.Node("Relu", [input.Name]);
}
