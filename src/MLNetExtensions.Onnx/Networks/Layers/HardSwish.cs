namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>x times its hard sigmoid (arXiv 1905.02244).</summary>
public sealed record HardSwish : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) => layer.Node("HardSwish", [input.Name]);
}
