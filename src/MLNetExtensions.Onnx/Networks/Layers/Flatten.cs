namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>Flattens all dimensions except the batch into one, with the channels outermost.</summary>
public sealed record Flatten : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) => layer.Node("Flatten", [input.Name]);
}
