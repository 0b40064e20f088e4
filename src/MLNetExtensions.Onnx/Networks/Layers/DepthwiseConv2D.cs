namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// A convolution of each channel by itself (Keras's DepthwiseConv2D). Parameters as <see cref="Conv2D"/>'s with groups = channels.
/// </summary>
/// <param name="Kernel">The window.</param>
public sealed record DepthwiseConv2D(Size2D Kernel) : Layer
{
    /// <summary>The number of output channels for each input channel.</summary>
    /// <value>The default is 1.</value>
    public int Multiplier { get; init; } = 1;

    /// <inheritdoc cref="Conv2D.Strides"/>
    public Size2D Strides { get; init; } = 1;

    /// <inheritdoc cref="Conv2D.Padding"/>
    public Padding Padding { get; init; } = Padding.Valid;

    /// <inheritdoc cref="Conv2D.Dilations"/>
    public Size2D Dilations { get; init; } = 1;

    /// <inheritdoc cref="Conv2D.UseBias"/>
    public bool UseBias { get; init; } = true;

    /// <inheritdoc cref="Conv2D.KernelInitializer"/>
    public Initializer? KernelInitializer { get; init; }

    /// <inheritdoc cref="Conv2D.BiasInitializer"/>
    public Initializer? BiasInitializer { get; init; }

    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        int channels = layer.RequireImage().Channels;
        var convolution = new Conv2D(channels * Multiplier, Kernel)
        {
            Strides = Strides,
            Padding = Padding,
            Dilations = Dilations,
            Groups = channels,
            UseBias = UseBias,
            KernelInitializer = KernelInitializer,
            BiasInitializer = BiasInitializer,
        };
        return convolution.Apply(input, layer);
    }
}
