namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>All dimensions beside the batch in one, channels slowest.</summary>
public sealed record Flatten : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) => layer.Node("Flatten", [input.Name]);
}
