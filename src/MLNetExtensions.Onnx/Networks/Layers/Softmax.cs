namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>exp(x) over its sum along an axis. Networks end in logits: a loss and the exported model add their own softmax.</summary>
/// <param name="Axis">The axis, the batch being 0; negative ones count from the end.</param>
public sealed record Softmax(int Axis = -1) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) =>
        layer.Node("Softmax", [input.Name], OnnxAttribute.Of("axis", (long)Axis));
}
