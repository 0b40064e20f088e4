namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__GlobalAveragePool.html">GlobalAveragePool</see>,
/// <see href="https://onnx.ai/onnx/operators/onnx__GlobalMaxPool.html">GlobalMaxPool</see> and
/// <see href="https://onnx.ai/onnx/operators/onnx__GlobalLpPool.html">GlobalLpPool</see>: one value a channel.
/// </summary>
internal static class GlobalPool
{
    public static OpResult[] CompileAverage(OpCompilation op)
    {
        Symbol x = op.Widen(op.AnyLayout(0, out bool last));
        return [new OpResult(op.Mean(x, Spatial(op, last), keep: true), last)];
    }

    public static OpResult[] CompileMax(OpCompilation op)
    {
        Symbol x = op.AnyLayout(0, out bool last);
        return [new OpResult(op.Graph.Reduce("Max", x, Spatial(op, last), keep: true), last)];
    }

    public static OpResult[] CompileLp(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        double p = op.Node.Int("p", 2);
        Symbol x = op.ToFloat32(op.AnyLayout(0, out bool last));
        Symbol powers =
            p == 1 ? g.Abs(x)
            : p == 2 ? g.Square(x)
            : g.Pow(g.Abs(x), g.Scalar(p, x.Type));
        Symbol sum = g.Sum(powers, Spatial(op, last), keep: true);
        return
        [
            new OpResult(
                p == 1 ? sum
                    : p == 2 ? g.Sqrt(sum)
                    : g.Pow(sum, g.Scalar(1 / p, x.Type)),
                last
            ),
        ];
    }

    private static long[] Spatial(OpCompilation op, bool last) =>
        [.. Enumerable.Range(last ? 1 : 2, op.InputType(0).Shape.Length - 2).Select(axis => (long)axis)];
}
