namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__ArgMax.html">ArgMax</see> and
/// <see href="https://onnx.ai/onnx/operators/onnx__ArgMin.html">ArgMin</see>: the first or last position of the extreme along an axis.
/// </summary>
internal static class ArgReduce
{
    public static OpKernel CompileMax(OpCompilation op) => Compile(op, (x, axis, keep) => x.argmax(axis, keep));

    public static OpKernel CompileMin(OpCompilation op) => Compile(op, (x, axis, keep) => x.argmin(axis, keep));

    private static OpKernel Compile(OpCompilation op, Func<Tensor, long, bool, Tensor> reduce)
    {
        long axis = op.Node.Int("axis", 0);
        bool keep = op.Node.Int("keepdims", 1) != 0,
            last = op.Node.Int("select_last_index", 0) != 0;
        long[] shape = op.InputType(0).Shape;
        long size = shape[axis < 0 ? axis + shape.Length : axis];
        return (inputs, _) =>
        {
            if (!last)
                return [reduce(inputs[0]!, axis, keep)];
            using Tensor reversed = inputs[0]!.flip(axis),
                fromEnd = reduce(reversed, axis, keep);
            return [fromEnd.neg().add(size - 1)];
        };
    }
}
