namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// Batch normalization over all dimensions but the channels, dimension 1 (arXiv 1502.03167). Parameters <c>weight</c> and <c>bias</c>,
/// state <c>running_mean</c> and <c>running_var</c>, [channels] each.
/// </summary>
public sealed record BatchNorm : Layer
{
    /// <summary>The value added to the variance.</summary>
    /// <value>The default is 1e-5, as in PyTorch; Keras has 1e-3.</value>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>The fraction of the running statistics that a step keeps.</summary>
    /// <value>The default is 0.9, which PyTorch calls 0.1; Keras has 0.99.</value>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>
    /// The initializer of the scales; zeros in the last normalization of a residual branch make the block an identity at first (arXiv
    /// 1706.02677).
    /// </summary>
    /// <value>The default is ones.</value>
    public Initializer ScaleInitializer { get; init; } = new Initializers.Ones();

    /// <summary>True to keep the scales fixed during training.</summary>
    /// <value>The default is false.</value>
    public bool FixedScale { get; init; }

    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        layer.Require(input.Shape.Count > 0, "it wants a channel dimension after the batch.");
        layer.Require(Epsilon > 0 && Momentum is >= 0 and <= 1, $"Epsilon {Epsilon} must be positive, Momentum {Momentum} from 0 to 1.");
        int channels = input.Shape[0];
        float[] ones = new float[channels];
        Array.Fill(ones, 1);
        string[] inputs =
        [
            input.Name,
            layer.Parameter("weight", ScaleInitializer, Fan.None, FixedScale, [channels]),
            layer.Parameter("bias", new Initializers.Zeros(), Fan.None, channels),
            layer.Parameter("running_mean", [channels], new float[channels]),
            layer.Parameter("running_var", [channels], ones),
        ];
        return layer.Node("BatchNormalization", inputs, OnnxAttribute.Of("epsilon", Epsilon), OnnxAttribute.Of("momentum", Momentum));
    }
}
