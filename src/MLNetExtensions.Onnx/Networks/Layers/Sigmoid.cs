namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>1 / (1 + exp(-x)).</summary>
public sealed record Sigmoid : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) => layer.Node("Sigmoid", [input.Name]);
}
