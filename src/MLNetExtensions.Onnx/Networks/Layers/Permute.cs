namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>Reorders the dimensions, like Keras's Permute: <c>new Permute(2, 3, 1)</c> puts channels last.</summary>
/// <param name="Order">The dimensions in their new order, counted from 1; the batch stays first.</param>
public sealed record Permute(params IReadOnlyList<int> Order) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        layer.Require(
            Order.Order().SequenceEqual(Enumerable.Range(1, input.Shape.Count)),
            $"Order [{string.Join(", ", Order)}] must name each dimension from 1 to {input.Shape.Count} once."
        );
        return layer.Node("Transpose", [input.Name], OnnxAttribute.Of("perm", [0, .. Order.Select(axis => (long)axis)]));
    }
}
