namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Split.html">Split</see> along an axis into views.</summary>
internal static class Split
{
    public static OpKernel Compile(OpCompilation op)
    {
        int rank = op.InputType(0).Shape.Length;
        long axis = op.Node.Int("axis", 0);
        axis = axis < 0 ? axis + rank : axis;
        int count = op.Node.Outputs.Count;
        long size = op.InputType(0).Shape[axis],
            part = (size + count - 1) / count;
        // Without given sizes the parts are equal, but the last may be smaller.
        long[] sizes = op.ConstantInt64s(1) ?? [.. Enumerable.Range(0, count).Select(i => Math.Clamp(size - i * part, 0, part))];
        return (inputs, _) => inputs[0]!.split(sizes, axis);
    }
}
