using MLNetExtensions.Onnx.Operators;
using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Conv.html">Conv</see> over one to three spatial dimensions.</summary>
internal static class Conv
{
    public static OpKernel Compile(OpCompilation op)
    {
        var window = new Window(op, op.InputType(1).Shape[2..]);
        long groups = op.Node.Int("group", 1);
        int rank = window.Kernel.Length;
        if (rank is < 1 or > 3)
            throw op.Unsupported($"{rank} spatial dimensions");
        long[] strides = window.Strides,
            dilations = window.Dilations,
            none = new long[rank];
        bool isFloat = op.InputType(0).ElementType.IsFloating();
        if (!isFloat)
            throw op.Unsupported($"element type {op.InputType(0).ElementType}");

        return (inputs, run) =>
        {
            Tensor x = run.ToCompute(inputs[0]!);
            Tensor weight = run.ToCompute(inputs[1]!);
            Tensor? bias = inputs.Length > 2 && inputs[2] is { } b ? run.ToCompute(b) : null;
            if (window.IsSymmetric)
                return [Run(x, weight, bias, window.Begin)];
            using Tensor padded = window.Pad(x, 0);
            return [Run(padded, weight, bias, none)];
        };

        Tensor Run(Tensor x, Tensor weight, Tensor? bias, long[] pads) =>
            rank switch
            {
                1 => F.conv1d(x, weight, bias, strides[0], pads[0], dilations[0], groups),
                2 => F.conv2d(x, weight, bias, strides, pads, dilations, groups),
                _ => F.conv3d(x, weight, bias, strides, pads, dilations, groups),
            };
    }
}
