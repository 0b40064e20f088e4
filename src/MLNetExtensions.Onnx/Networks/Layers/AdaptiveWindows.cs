namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>Adaptive pooling: equal windows where the sizes divide, else overlapping ones, rows first and then columns.</summary>
internal static class AdaptiveWindows
{
    public static NetworkValue Apply(NetworkValue input, LayerContext layer, Size2D output, string pool, string reduce)
    {
        (_, int height, int width) = layer.RequireImage();
        layer.Require(
            output.IsPositive && output.Height <= height && output.Width <= width,
            $"the output size {output} must be positive and not larger than the image, {height}x{width}."
        );
        if (height % output.Height == 0 && width % output.Width == 0)
        {
            long[] window = [height / output.Height, width / output.Width];
            return layer.Node(pool, [input.Name], OnnxAttribute.Of("kernel_shape", window), OnnxAttribute.Of("strides", window));
        }
        return Along(Along(input, layer, 2, height, output.Height, reduce), layer, 3, width, output.Width, reduce);
    }

    /// <summary>
    /// A window i covers floor(i * size / count) up to ceil((i + 1) * size / count): every window of one axis has the same weight for each
    /// of its rows.
    /// </summary>
    private static NetworkValue Along(NetworkValue input, LayerContext layer, int axis, int size, int count, string reduce)
    {
        string axes = layer.Integers("axis", axis);
        string[] parts =
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    string start = layer.Integers("start", (long)i * size / count),
                        end = layer.Integers("end", ((long)(i + 1) * size + count - 1) / count);
                    NetworkValue window = layer.Node("Slice", [input.Name, start, end, axes]);
                    return layer.Node(reduce, [window.Name, axes], OnnxAttribute.Of("keepdims", 1L)).Name;
                }),
        ];
        return layer.Node("Concat", parts, OnnxAttribute.Of("axis", (long)axis));
    }
}
