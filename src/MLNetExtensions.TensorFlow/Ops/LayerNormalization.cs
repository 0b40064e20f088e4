using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__LayerNormalization.html">LayerNormalization</see> over the axes from <c>axis</c> on.
/// </summary>
internal static class LayerNormalization
{
    public static OpResult[] Compile(OpCompilation op)
    {
        Symbol x = op.Widen(op.Input(0)),
            scale = op.Widen(op.Input(1));
        int first = op.Axis(-1);
        long[] axes = [.. Enumerable.Range(first, x.Rank - first).Select(axis => (long)axis)];
        Symbol normalized = Normalization.Normalize(op, x, axes, op.Node.Float("epsilon", 1e-5f), out Symbol mean, out Symbol inverse);
        return [Normalization.Affine(op, normalized, scale, op.Node.HasInput(2) ? op.Widen(op.Input(2)) : null), mean, inverse];
    }
}
