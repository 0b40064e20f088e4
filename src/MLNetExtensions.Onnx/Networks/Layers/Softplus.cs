namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>log(1 + exp(x)).</summary>
public sealed record Softplus : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) => layer.Node("Softplus", [input.Name]);
}
