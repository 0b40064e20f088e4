namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>x where positive, else a learned slope times x (arXiv 1502.01852). Parameter <c>weight</c>, 0.25 at first.</summary>
/// <param name="PerChannel">True for one slope per channel (dimension 1); false for a single slope, as in torch.nn.PReLU().</param>
public sealed record PRelu(bool PerChannel = false) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        int[] shape = PerChannel ? [input.Shape[0], .. Enumerable.Repeat(1, input.Shape.Count - 1)] : [1];
        return layer.Node("PRelu", [input.Name, layer.Parameter("weight", new Initializers.Constant(0.25f), Fan.None, shape)]);
    }
}
