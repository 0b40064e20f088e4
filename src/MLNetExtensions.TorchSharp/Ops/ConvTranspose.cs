using MLNetExtensions.Onnx.Operators;
using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__ConvTranspose.html">ConvTranspose</see> over one to three spatial dimensions.
/// </summary>
internal static class ConvTranspose
{
    public static OpKernel Compile(OpCompilation op)
    {
        var window = new TransposedWindow(op);
        int rank = window.Kernel.Length;
        long[] ones = [.. Enumerable.Repeat(1L, rank)],
            none = new long[rank],
            strides = window.Strides,
            dilations = window.Dilations;
        long groups = op.Node.Int("group", 1);

        // libtorch crops both ends alike and may lengthen the end by less than a step.
        long[] extra = [.. Enumerable.Range(0, rank).Select(i => window.Begin[i] - window.End[i])];
        bool native = Enumerable.Range(0, rank).All(i => extra[i] >= 0 && extra[i] < Math.Max(strides[i], dilations[i]));
        long[] crop = [.. Enumerable.Range(0, rank).Reverse().SelectMany(i => new[] { -window.Begin[i], -window.End[i] })];
        long[] biasShape = [1, -1, .. ones];

        return (inputs, run) =>
        {
            Tensor x = run.ToCompute(inputs[0]!);
            Tensor weight = run.ToCompute(inputs[1]!);
            Tensor? bias = inputs.Length > 2 && inputs[2] is { } b ? run.ToCompute(b) : null;
            if (native)
                return [Run(x, weight, bias, window.Begin, extra)];
            using Tensor whole = Run(x, weight, null, none, none);
            Tensor y = F.pad(whole, crop);
            return [bias is null ? y : y.add(bias.reshape(biasShape))];
        };

        Tensor Run(Tensor x, Tensor weight, Tensor? bias, long[] pads, long[] outputPadding) =>
            rank switch
            {
                1 => F.conv_transpose1d(x, weight, bias, strides[0], pads[0], outputPadding[0], dilations[0], groups),
                2 => F.conv_transpose2d(x, weight, bias, strides, pads, outputPadding, dilations, groups),
                _ => F.conv_transpose3d(x, weight, bias, strides, pads, outputPadding, dilations, groups),
            };
    }
}
