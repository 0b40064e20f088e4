namespace MLNetExtensions.Onnx.Operators;

/// <summary>The windows of a ConvTranspose node over the spatial dimensions, and what of their scattered sum is its output.</summary>
internal sealed class TransposedWindow
{
    public TransposedWindow(OpNode op)
    {
        Kernel = op.InputType(1).Shape[2..];
        Output = op.OutputType(0).Shape[2..];
        int rank = Kernel.Length;
        if (rank is < 1 or > 3)
            throw op.Unsupported($"{rank} spatial dimensions");
        long[] input = op.InputType(0).Shape[2..],
            ones = [.. Enumerable.Repeat(1L, rank)];
        Strides = op.Node.Ints("strides") ?? ones;
        Dilations = op.Node.Ints("dilations") ?? ones;
        Full = [.. Enumerable.Range(0, rank).Select(i => (input[i] - 1) * Strides[i] + (Kernel[i] - 1) * Dilations[i] + 1)];
        Begin = Cropped(op, Full, Output);
        End = [.. Enumerable.Range(0, rank).Select(i => Full[i] - Begin[i] - Output[i])];
    }

    /// <summary>The window's size along each spatial dimension.</summary>
    public long[] Kernel { get; }

    /// <summary>The steps between windows.</summary>
    public long[] Strides { get; }

    /// <summary>The steps between a window's elements.</summary>
    public long[] Dilations { get; }

    /// <summary>The output's spatial sizes.</summary>
    public long[] Output { get; }

    /// <summary>The sizes of the scattered sum without any cropping.</summary>
    public long[] Full { get; }

    /// <summary>
    /// The amount cropped at the beginning of each dimension: the given pads, or a share of the surplus over <c>output_shape</c>.
    /// </summary>
    public long[] Begin { get; }

    /// <summary>The amount cropped at the end of each dimension; negative where <c>output_padding</c> extends it with zeros.</summary>
    public long[] End { get; }

    private static long[] Cropped(OpNode op, long[] full, long[] output)
    {
        int rank = full.Length;
        string autoPad = op.Node.String("auto_pad", "NOTSET");
        if (op.Node.Ints("output_shape") is null && autoPad is "NOTSET" or "VALID")
            return (op.Node.Ints("pads") ?? new long[2 * rank])[..rank];
        long[] outputPadding = op.Node.Ints("output_padding") ?? new long[rank];
        return
        [
            .. Enumerable
                .Range(0, rank)
                .Select(i =>
                {
                    long total = Math.Max(0, full[i] + outputPadding[i] - output[i]);
                    return autoPad == "SAME_UPPER" ? total / 2 : total - total / 2;
                }),
        ];
    }
}
