using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__TopK.html">TopK</see> for a constant k; of equal values the earlier comes first.
/// </summary>
internal static class TopK
{
    public static OpKernel Compile(OpCompilation op)
    {
        long k = op.ConstantInt64s(1)![0];
        long axis = op.Axis(-1);
        bool largest = op.Node.Int("largest", 1) != 0;
        return (inputs, _) =>
        {
            // A stable sort: libtorch's own top-k does not say which of equal values it takes.
            (Tensor values, Tensor indices) = inputs[0]!.sort(axis, largest, stable: true);
            return [values.narrow(axis, 0, k), indices.narrow(axis, 0, k)];
        };
    }
}
