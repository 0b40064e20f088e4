namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>The logarithm of the softmax along an axis.</summary>
/// <param name="Axis">The axis, the batch being 0; negative ones count from the end.</param>
public sealed record LogSoftmax(int Axis = -1) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) =>
        layer.Node("LogSoftmax", [input.Name], OnnxAttribute.Of("axis", (long)Axis));
}
