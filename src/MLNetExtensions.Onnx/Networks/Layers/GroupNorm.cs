namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>Group normalization (arXiv 1803.08494). Parameters <c>weight</c>, <c>bias</c> [channels].</summary>
/// <param name="Groups">The number of groups that the channels are cut into.</param>
public sealed record GroupNorm(int Groups) : Layer
{
    /// <summary>The value added to the variance.</summary>
    /// <value>The default is 1e-5.</value>
    public float Epsilon { get; init; } = 1e-5f;

    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        int channels = layer.RequireImage().Channels;
        layer.Require(Groups > 0 && channels % Groups == 0, $"{channels} channels are not a multiple of {Groups} groups.");
        string weight = layer.Parameter("weight", new Initializers.Ones(), Fan.None, channels);
        string bias = layer.Parameter("bias", new Initializers.Zeros(), Fan.None, channels);
        return layer.Node(
            "GroupNormalization",
            [input.Name, weight, bias],
            OnnxAttribute.Of("num_groups", (long)Groups),
            OnnxAttribute.Of("epsilon", Epsilon)
        );
    }
}
