namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>The checks that convolutions and pooling layers share.</summary>
internal static class SlidingWindow
{
    /// <summary>Checks the settings.</summary>
    public static void Check(LayerContext layer, Padding padding, Size2D kernel, Size2D strides, Size2D dilations)
    {
        layer.Require(
            kernel.IsPositive && strides.IsPositive && dilations.IsPositive,
            $"kernel {kernel}, strides {strides} and dilations {dilations} must be positive."
        );
        layer.Require(!padding.IsNegative, $"padding {padding} must not be negative.");
    }

    /// <summary>Checks the settings and that the window fits into the padded image; gives ONNX's pads.</summary>
    public static long[] Pads(LayerContext layer, Padding padding, Size2D kernel, Size2D strides, Size2D dilations, int height, int width)
    {
        Check(layer, padding, kernel, strides, dilations);
        long[] pads = padding.Resolve(height, width, kernel, strides, dilations);
        int rows = (kernel.Height - 1) * dilations.Height + 1,
            columns = (kernel.Width - 1) * dilations.Width + 1;
        layer.Require(
            rows <= height + pads[0] + pads[2] && columns <= width + pads[1] + pads[3],
            $"its window of {rows}x{columns} is larger than the image with its padding, "
                + $"{height + pads[0] + pads[2]}x{width + pads[1] + pads[3]}. "
                + "Use a smaller kernel, Padding.Same, larger images or fewer strides before."
        );
        return pads;
    }
}
