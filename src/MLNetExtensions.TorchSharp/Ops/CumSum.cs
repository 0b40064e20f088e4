using MLNetExtensions.Onnx.Operators;
using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__CumSum.html">CumSum</see> along a constant axis.</summary>
internal static class CumSum
{
    public static OpKernel Compile(OpCompilation op)
    {
        int rank = op.InputType(0).Shape.Length;
        long axis = Axes.FromFront(op.ConstantInt64s(1)![0], rank),
            size = op.InputType(0).Shape[axis];
        bool exclusive = op.Node.Int("exclusive", 0) != 0,
            reverse = op.Node.Int("reverse", 0) != 0;
        // One zero before the first element and none after the last moves each sum one on.
        long[] shift = [.. new long[2 * (rank - 1 - axis)], 1, 0];
        return (inputs, run) =>
        {
            Tensor x = run.ToFloat32(inputs[0]!);
            if (reverse)
                x = x.flip(axis);
            Tensor sums = x.cumsum(axis, x.dtype);
            if (exclusive)
                sums = F.pad(sums, shift).narrow(axis, 0, size);
            return [reverse ? sums.flip(axis) : sums];
        };
    }
}
