namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>Adds rows and columns of zeros around an image.</summary>
/// <param name="Size">The number of rows and columns.</param>
public sealed record ZeroPadding2D(Padding Size) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        (_, int height, int width) = layer.RequireImage();
        layer.Require(!Size.IsNegative && Size != Padding.Same, $"Size is {Size}; it wants numbers that are not negative.");
        long[] pads = Size.Resolve(height, width, 1, 1, 1);
        return layer.Node("Pad", [input.Name, layer.Integers("pads", 0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3])]);
    }
}
