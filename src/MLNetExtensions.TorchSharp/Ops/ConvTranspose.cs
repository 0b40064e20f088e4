using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__ConvTranspose.html">ConvTranspose</see> over one to three spatial dimensions.</summary>
internal static class ConvTranspose
{
    public static OpKernel Compile(OpCompilation op)
    {
        long[] kernel = op.InputType(1).Shape[2..], input = op.InputType(0).Shape[2..], output = op.OutputType(0).Shape[2..];
        int rank = kernel.Length;
        if (rank is < 1 or > 3)
            throw op.Unsupported($"{rank} spatial dimensions");
        long[] ones = [.. Enumerable.Repeat(1L, rank)], none = new long[rank];
        long[] strides = op.Node.Ints("strides") ?? ones, dilations = op.Node.Ints("dilations") ?? ones;
        long groups = op.Node.Int("group", 1);

        // The scattered sum without any cropping; ONNX's pads crop it at both ends, output_padding lengthens its end with zeros.
        long[] full = [.. Enumerable.Range(0, rank).Select(i => (input[i] - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1)];
        long[] begin = Begin(op, full, output);
        long[] extra = [.. Enumerable.Range(0, rank).Select(i => output[i] - (full[i] - 2 * begin[i]))];
        bool native = Enumerable.Range(0, rank).All(i => extra[i] >= 0 && extra[i] < Math.Max(strides[i], dilations[i]));
        long[] crop = [.. Enumerable.Range(0, rank).Reverse().SelectMany(i => new[] { -begin[i], output[i] - full[i] + begin[i] })];
        long[] biasShape = [1, -1, .. ones];

        return (inputs, run) =>
        {
            Tensor x = run.ToCompute(inputs[0]!);
            Tensor weight = run.ToCompute(inputs[1]!);
            Tensor? bias = inputs.Length > 2 && inputs[2] is { } b ? run.ToCompute(b) : null;
            if (native)
                return [Run(x, weight, bias, begin, extra)];
            using Tensor whole = Run(x, weight, null, none, none);
            Tensor y = F.pad(whole, crop);
            return [bias is null ? y : y.add(bias.reshape(biasShape))];
        };

        Tensor Run(Tensor x, Tensor weight, Tensor? bias, long[] pads, long[] outputPadding) => rank switch
        {
            1 => F.conv_transpose1d(x, weight, bias, strides[0], pads[0], outputPadding[0], dilations[0], groups),
            2 => F.conv_transpose2d(x, weight, bias, strides, pads, outputPadding, dilations, groups),
            _ => F.conv_transpose3d(x, weight, bias, strides, pads, outputPadding, dilations, groups),
        };
    }

    /// <summary>What is cropped at each dimension's beginning: the given pads, or the split of what <c>output_shape</c> leaves over.</summary>
    private static long[] Begin(OpCompilation op, long[] full, long[] output)
    {
        int rank = full.Length;
        string autoPad = op.Node.String("auto_pad", "NOTSET");
        if (op.Node.Ints("output_shape") is null && autoPad is "NOTSET" or "VALID")
            return (op.Node.Ints("pads") ?? new long[2 * rank])[..rank];
        long[] outputPadding = op.Node.Ints("output_padding") ?? new long[rank];
        return [.. Enumerable.Range(0, rank).Select(i =>
        {
            long total = Math.Max(0, full[i] + outputPadding[i] - output[i]);
            return autoPad == "SAME_UPPER" ? total / 2 : total - total / 2;
        })];
    }
}
