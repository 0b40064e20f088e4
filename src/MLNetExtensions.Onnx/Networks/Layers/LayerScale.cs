namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// Each channel (dimension 1) or feature (last dimension) times a learned factor (arXiv 2103.17239). Parameter <c>gamma</c>.
/// </summary>
/// <param name="Initial">The initial value of the factors.</param>
/// <param name="Last">True for one factor per element of the last dimension; false for one per channel.</param>
public sealed record LayerScale(float Initial = 1e-6f, bool Last = false) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        layer.Require(input.Shape.Count > 0, "it wants at least one dimension beside the batch.");
        int[] shape = Last ? [input.Shape[^1]] : [input.Shape[0], .. Enumerable.Repeat(1, input.Shape.Count - 1)];
        return layer.Node("Mul", [input.Name, layer.Parameter("gamma", new Initializers.Constant(Initial), Fan.None, shape)]);
    }
}
