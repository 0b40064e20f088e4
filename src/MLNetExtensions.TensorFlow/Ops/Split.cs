using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Split.html">Split</see> along an axis.</summary>
internal static class Split
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        Symbol x = op.AnyLayout(0, out bool last);
        int count = op.Node.Outputs.Count,
            axis = Steps.Place(op.Axis(0), x.Rank, last);
        long size = x.Shape[axis],
            part = (size + count - 1) / count;
        // Without given sizes the parts are equal, but the last may be smaller.
        long[] sizes = op.ConstantInt64s(1) ?? [.. Enumerable.Range(0, count).Select(i => Math.Clamp(size - i * part, 0, part))];
        Symbol[] parts = op.StepToMany(
            [x],
            g.Split(x, sizes, axis),
            outputs =>
                [
                    g.Concat(
                        [
                            .. outputs.Select(
                                (dy, i) => dy ?? g.Zeros(x.Type, [.. x.Shape.Select((length, a) => a == axis ? sizes[i] : length)])
                            ),
                        ],
                        axis
                    ),
                ]
        );
        return [.. parts.Select(p => new OpResult(p, last))];
    }
}
