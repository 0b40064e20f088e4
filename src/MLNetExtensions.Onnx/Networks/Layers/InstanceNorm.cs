namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// Normalization of each channel of each image (arXiv 1607.08022), with scale and shift. Parameters <c>weight</c>, <c>bias</c> [channels].
/// </summary>
public sealed record InstanceNorm : Layer
{
    /// <summary>The value added to the variance.</summary>
    /// <value>The default is 1e-5.</value>
    public float Epsilon { get; init; } = 1e-5f;

    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        int channels = layer.RequireImage().Channels;
        string weight = layer.Parameter("weight", new Initializers.Ones(), Fan.None, channels);
        string bias = layer.Parameter("bias", new Initializers.Zeros(), Fan.None, channels);
        return layer.Node("InstanceNormalization", [input.Name, weight, bias], OnnxAttribute.Of("epsilon", Epsilon));
    }
}
