namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>The mean of each window.</summary>
/// <param name="Size">The window.</param>
public sealed record AveragePool2D(Size2D Size) : Layer
{
    /// <summary>The step of the window.</summary>
    /// <value>The default is null: the window's size.</value>
    public Size2D? Strides { get; init; }

    /// <summary>The padding around the image.</summary>
    /// <value>The default is <see cref="Padding.Valid"/>.</value>
    public Padding Padding { get; init; } = Padding.Valid;

    /// <summary>True to let the last window reach past the end of the image.</summary>
    /// <value>The default is false.</value>
    public bool CeilMode { get; init; }

    /// <summary>True to count padding as zeros (PyTorch); false to count only the image's own pixels (Keras, ONNX).</summary>
    /// <value>The default is false.</value>
    public bool CountIncludePad { get; init; }

    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        (_, int height, int width) = layer.RequireImage();
        Size2D strides = Strides ?? Size;
        long[] pads = SlidingWindow.Pads(layer, Padding, Size, strides, 1, height, width);
        return layer.Node(
            "AveragePool",
            [input.Name],
            OnnxAttribute.Of("kernel_shape", Size.ToLongs()),
            OnnxAttribute.Of("strides", strides.ToLongs()),
            OnnxAttribute.Of("pads", pads),
            OnnxAttribute.Of("ceil_mode", CeilMode ? 1L : 0L),
            OnnxAttribute.Of("count_include_pad", CountIncludePad ? 1L : 0L)
        );
    }
}
