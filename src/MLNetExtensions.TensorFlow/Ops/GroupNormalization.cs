namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__GroupNormalization.html">GroupNormalization</see> with a scale and bias for each channel
/// (opset 21), and <see href="https://onnx.ai/onnx/operators/onnx__InstanceNormalization.html">InstanceNormalization</see>: each channel of
/// each row by its own statistics.
/// </summary>
internal static class GroupNormalization
{
    public static OpResult[] Compile(OpCompilation op)
    {
        long groups = op.Node.Int("num_groups", 0);
        if (groups <= 0)
            throw op.Unsupported("no num_groups");
        if (op.InputType(1).Shape[0] != op.InputType(0).Shape[1])
            throw op.Unsupported("a scale for each group instead of each channel");
        return Compile(op, groups);
    }

    public static OpResult[] CompileInstance(OpCompilation op) => Compile(op, op.InputType(0).Shape[1]);

    private static OpResult[] Compile(OpCompilation op, long groups)
    {
        Symbol x = op.Widen(op.AnyLayout(0, out bool last));
        long[] shape = x.Shape;
        long channels = op.InputType(0).Shape[1],
            each = channels / groups,
            area = Steps.Product(op.InputType(0).Shape.AsSpan(2));
        long[] apart = last ? [shape[0], area, groups, each] : [shape[0], groups, each * area];
        Symbol normalized = Normalization.Normalize(
            op,
            op.Reshape(x, apart),
            last ? [1, 3] : [2],
            op.Node.Float("epsilon", 1e-5f),
            out _,
            out _
        );
        long[] spread = Steps.Along(shape.Length, last ? shape.Length - 1 : 1, channels);
        Symbol y = Normalization.Affine(
            op,
            op.Reshape(normalized, shape),
            op.Reshape(op.Widen(op.Input(1)), spread),
            op.Reshape(op.Widen(op.Input(2)), spread)
        );
        return [new OpResult(y, last)];
    }
}
