namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>Layer normalization over the last dimension (arXiv 1607.06450). Parameters <c>weight</c>, <c>bias</c> [features].</summary>
public sealed record LayerNorm : Layer
{
    /// <summary>The value added to the variance.</summary>
    /// <value>The default is 1e-5; vision transformers and ConvNeXt use 1e-6.</value>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>True to normalize images over the channels at each position; false to normalize over the last dimension.</summary>
    /// <value>The default is false.</value>
    public bool ChannelsFirst { get; init; }

    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        layer.Require(input.Shape.Count > 0, "it wants at least one dimension beside the batch.");
        if (ChannelsFirst)
            layer.RequireImage();
        int features = ChannelsFirst ? input.Shape[0] : input.Shape[^1];
        string weight = layer.Parameter("weight", new Initializers.Ones(), Fan.None, features);
        string bias = layer.Parameter("bias", new Initializers.Zeros(), Fan.None, features);
        NetworkValue x = ChannelsFirst ? layer.Node("Transpose", [input.Name], OnnxAttribute.Of("perm", 0L, 2L, 3L, 1L)) : input;
        x = layer.Node("LayerNormalization", [x.Name, weight, bias], OnnxAttribute.Of("axis", -1L), OnnxAttribute.Of("epsilon", Epsilon));
        return ChannelsFirst ? layer.Node("Transpose", [x.Name], OnnxAttribute.Of("perm", 0L, 3L, 1L, 2L)) : x;
    }
}
