namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// A transposed convolution, which enlarges: [channels, height, width] to [filters, rows, columns]. Parameters <c>weight</c> [channels,
/// filters / groups, kernel], <c>bias</c> [filters].
/// </summary>
/// <param name="Filters">The number of output channels.</param>
/// <param name="Kernel">The window.</param>
public sealed record Conv2DTranspose(int Filters, Size2D Kernel) : Layer
{
    /// <summary>The number of rows and columns that the window moves for each input row and column.</summary>
    /// <value>The default is 1.</value>
    public Size2D Strides { get; init; } = 1;

    /// <summary>
    /// The amount cropped from the output's border; <see cref="Padding.Same"/> makes the output the input's size times the strides.
    /// </summary>
    /// <value>The default is <see cref="Padding.Valid"/>: nothing.</value>
    public Padding Padding { get; init; } = Padding.Valid;

    /// <summary>The rows and columns added at the bottom and the right, fewer than the strides.</summary>
    /// <value>The default is 0.</value>
    public Size2D OutputPadding { get; init; }

    /// <inheritdoc cref="Conv2D.Dilations"/>
    public Size2D Dilations { get; init; } = 1;

    /// <inheritdoc cref="Conv2D.Groups"/>
    public int Groups { get; init; } = 1;

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
        layer.Require(Filters > 0, $"Filters is {Filters}; it must be positive.");
        layer.Require(
            Groups > 0 && channels % Groups == 0 && Filters % Groups == 0,
            $"{channels} channels and {Filters} filters must both be multiples of Groups, {Groups}."
        );
        SlidingWindow.Check(layer, Padding, Kernel, Strides, Dilations);
        (long[] pads, long[] extra) = Padding.ResolveTransposed(Kernel, Strides, Dilations);
        extra = [extra[0] + OutputPadding.Height, extra[1] + OutputPadding.Width];

        // The fans as torch.nn.init reads this weight's shape.
        int area = Kernel.Height * Kernel.Width;
        var fan = new Fan(Filters / Groups * area, (double)channels * area);
        List<string> inputs =
        [
            input.Name,
            layer.Parameter(
                "weight",
                KernelInitializer ?? layer.Defaults.Kernel,
                fan,
                channels,
                Filters / Groups,
                Kernel.Height,
                Kernel.Width
            ),
        ];
        if (UseBias)
            inputs.Add(layer.Parameter("bias", BiasInitializer ?? layer.Defaults.Bias, fan, Filters));
        NetworkValue output = layer.Node(
            "ConvTranspose",
            inputs,
            OnnxAttribute.Of("kernel_shape", Kernel.ToLongs()),
            OnnxAttribute.Of("strides", Strides.ToLongs()),
            OnnxAttribute.Of("pads", pads),
            OnnxAttribute.Of("output_padding", extra),
            OnnxAttribute.Of("dilations", Dilations.ToLongs()),
            OnnxAttribute.Of("group", (long)Groups)
        );
        layer.Require(
            output.Shape.All(size => size > 0),
            $"its padding cuts everything off: the output would be [{string.Join(", ", output.Shape)}]."
        );
        return output;
    }
}
