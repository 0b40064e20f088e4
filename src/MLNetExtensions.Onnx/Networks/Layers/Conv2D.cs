namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// A convolution: [channels, height, width] to [filters, rows, columns]. Parameters <c>weight</c> [filters, channels / groups, kernel],
/// <c>bias</c> [filters].
/// </summary>
/// <param name="Filters">The number of output channels.</param>
/// <param name="Kernel">The window.</param>
public sealed record Conv2D(int Filters, Size2D Kernel) : Layer
{
    /// <summary>The step of the window.</summary>
    /// <value>The default is 1.</value>
    public Size2D Strides { get; init; } = 1;

    /// <summary>The zero padding around the image.</summary>
    /// <value>The default is <see cref="Padding.Valid"/>.</value>
    public Padding Padding { get; init; } = Padding.Valid;

    /// <summary>The distance between the window's rows and columns.</summary>
    /// <value>The default is 1.</value>
    public Size2D Dilations { get; init; } = 1;

    /// <summary>The number of groups that input and output channels are split into; a group does not see the others.</summary>
    /// <value>The default is 1.</value>
    public int Groups { get; init; } = 1;

    /// <summary>True to add a bias to each output channel; not needed before a normalization.</summary>
    /// <value>The default is true.</value>
    public bool UseBias { get; init; } = true;

    /// <summary>The initializer of the weights; null for the network's default.</summary>
    public Initializer? KernelInitializer { get; init; }

    /// <summary>The initializer of the biases; null for the network's default.</summary>
    public Initializer? BiasInitializer { get; init; }

    /// <summary>
    /// True to keep the initial weights fixed during training, such as those of a <see cref="Initializers.PatchWhitening"/>.
    /// </summary>
    /// <value>The default is false.</value>
    public bool FixedKernel { get; init; }

    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        (int channels, int height, int width) = layer.RequireImage();
        layer.Require(Filters > 0, $"Filters is {Filters}; it must be positive.");
        layer.Require(
            Groups > 0 && channels % Groups == 0 && Filters % Groups == 0,
            $"{channels} channels and {Filters} filters must both be multiples of Groups, {Groups}."
        );
        long[] pads = SlidingWindow.Pads(layer, Padding, Kernel, Strides, Dilations, height, width);

        int area = Kernel.Height * Kernel.Width;
        var fan = new Fan(channels / Groups * area, (double)Filters * area);
        List<string> inputs =
        [
            input.Name,
            layer.Parameter(
                "weight",
                KernelInitializer ?? layer.Defaults.Kernel,
                fan,
                FixedKernel,
                [Filters, channels / Groups, Kernel.Height, Kernel.Width]
            ),
        ];
        if (UseBias)
            inputs.Add(layer.Parameter("bias", BiasInitializer ?? layer.Defaults.Bias, fan, Filters));
        return layer.Node(
            "Conv",
            inputs,
            OnnxAttribute.Of("kernel_shape", Kernel.ToLongs()),
            OnnxAttribute.Of("strides", Strides.ToLongs()),
            OnnxAttribute.Of("pads", pads),
            OnnxAttribute.Of("dilations", Dilations.ToLongs()),
            OnnxAttribute.Of("group", (long)Groups)
        );
    }
}
