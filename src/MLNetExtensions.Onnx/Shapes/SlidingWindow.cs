using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Shapes;

/// <summary>The kernel, strides, dilations and pads of a convolution or pooling node, with their defaults.</summary>
internal sealed class SlidingWindow
{
    private readonly LoweringNode _node;

    public SlidingWindow(LoweringNode node, int dimensions, long[]? kernel = null)
    {
        _node = node;
        Kernel = node.Node.Ints("kernel_shape") ?? kernel ?? throw node.Malformed("kernel_shape is missing");
        Strides = node.Node.Ints("strides") ?? Ones(dimensions);
        Dilations = node.Node.Ints("dilations") ?? Ones(dimensions);
        Pads = node.Node.Ints("pads") ?? new long[2 * dimensions];
        if (Kernel.Length != dimensions || Strides.Length != dimensions || Dilations.Length != dimensions || Pads.Length != 2 * dimensions)
            throw node.Malformed($"kernel_shape, strides, dilations and pads do not fit {dimensions} spatial dimensions");
        if (Strides.Any(s => s < 1) || Dilations.Any(d => d < 1) || Kernel.Any(k => k < 1))
            throw node.Malformed("kernel_shape, strides and dilations must be positive");
        if (kernel is not null && !kernel.AsSpan().SequenceEqual(Kernel))
            throw node.Malformed($"kernel_shape [{string.Join(',', Kernel)}] is not that of the weight");
    }

    public long[] Kernel { get; }

    public long[] Strides { get; }

    public long[] Dilations { get; }

    /// <summary>Begins of all dimensions, then ends.</summary>
    public long[] Pads { get; }

    /// <summary>The size that the dilated kernel covers.</summary>
    public long Extent(int dimension) => (Kernel[dimension] - 1) * Dilations[dimension] + 1;

    public long[] OutputSizes(ReadOnlySpan<long> input)
    {
        bool ceil = _node.Node.Int("ceil_mode", 0) != 0;
        var sizes = new long[input.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            long room = input[i] + Pads[i] + Pads[i + sizes.Length] - Extent(i);
            if (room < 0)
                throw _node.Malformed($"the kernel ({Extent(i)}) is larger than the padded input ({room + Extent(i)})");
            long steps = room / Strides[i];
            // With ceil_mode the last window may hang over the end, but must start inside the input or its left padding.
            if (ceil && room % Strides[i] != 0 && (steps + 1) * Strides[i] < input[i] + Pads[i])
                steps++;
            sizes[i] = steps + 1;
        }
        return sizes;
    }

    private static long[] Ones(int count)
    {
        var ones = new long[count];
        Array.Fill(ones, 1);
        return ones;
    }
}
