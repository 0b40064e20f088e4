using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>Reductions over axes that are a constant input, in 32 bits or the input's own type.</summary>
internal static class Reduce
{
    private delegate Symbol Reduction(OpCompilation op, Symbol x, long[] axes, bool keep);

    public static OpRegistration[] Registrations =>
        [
            Of("ReduceL1", (op, x, axes, keep) => op.Sum(op.Derive(x, op.Graph.Abs), axes, keep), floatsOnly: true),
            Of("ReduceL2", Norm, floatsOnly: true),
            Of("ReduceLogSum", (op, x, axes, keep) => op.Derive(op.Sum(x, axes, keep), op.Graph.Log), floatsOnly: true),
            Of("ReduceLogSumExp", LogSumExp, floatsOnly: true),
            Of("ReduceMax", (op, x, axes, keep) => Native(op, x.Type == DataType.Bool ? "Any" : "Max", x, axes, keep)),
            Of("ReduceMean", (op, x, axes, keep) => op.Mean(x, axes, keep), floatsOnly: true),
            Of("ReduceMin", (op, x, axes, keep) => Native(op, x.Type == DataType.Bool ? "All" : "Min", x, axes, keep)),
            Of("ReduceProd", (op, x, axes, keep) => Native(op, "Prod", x, axes, keep)),
            Of("ReduceSum", (op, x, axes, keep) => op.Sum(x, axes, keep)),
            Of("ReduceSumSquare", (op, x, axes, keep) => op.Sum(op.Step([x], x * x, outputs => [outputs[0]!.Value * x * 2]), axes, keep)),
        ];

    /// <summary>The Euclidean norm; its gradient at zero is zero.</summary>
    private static Symbol Norm(OpCompilation op, Symbol x, long[] axes, bool keep)
    {
        TensorFlowGraph g = op.Graph;
        Symbol whole = g.Sqrt(g.Sum(g.Square(x), axes, keep: true));
        Symbol y = op.Step([x], whole, outputs => [g.Binary("DivNoNan", x, whole) * outputs[0]!.Value]);
        return keep ? y : op.Reshape(y, Dropped(x.Shape, axes));
    }

    private static Symbol LogSumExp(OpCompilation op, Symbol x, long[] axes, bool keep)
    {
        TensorFlowGraph g = op.Graph;
        // Without the largest value the sum overflows; where that is infinite, the difference would be no number.
        Symbol largest = g.Reduce("Max", x, axes, keep: true),
            finite = g.Where(g.Unary("IsFinite", largest), largest, g.Scalar(0, x.Type));
        Symbol whole = g.Log(g.Sum(g.Exp(x - finite), axes, keep: true)) + finite;
        Symbol y = op.Step([x], whole, outputs => [g.Exp(x - whole) * outputs[0]!.Value]);
        return keep ? y : op.Reshape(y, Dropped(x.Shape, axes));
    }

    private static Symbol Native(OpCompilation op, string type, Symbol x, long[] axes, bool keep) =>
        op.Derive(x, v => op.Graph.Reduce(type, v, axes, keep));

    private static long[] Dropped(long[] shape, long[] axes) => [.. shape.Where((_, axis) => !axes.Contains(axis))];

    private static OpRegistration Of(string opType, Reduction reduction, bool floatsOnly = false) =>
        new(opType, op => Compile(op, reduction, floatsOnly));

    private static OpResult[] Compile(OpCompilation op, Reduction reduction, bool floatsOnly)
    {
        TensorFlowGraph g = op.Graph;
        bool keep = op.Node.Int("keepdims", 1) != 0;
        long[] axes = Axes.Reduced(op);
        // No axis is reduced, but the function is applied: over a dimension of one element.
        if (axes.Length == 0)
            return [Run(op.Reshape(op.Input(0), [1, .. op.InputType(0).Shape]), [0], false)];
        int rank = op.InputType(0).Shape.Length;
        // Channels may stay last where they are kept as a dimension, or nothing follows that they would have to precede.
        bool anyLayout = keep || axes.Contains(1) || Enumerable.Range(2, Math.Max(0, rank - 2)).All(axis => axes.Contains(axis));
        if (!anyLayout)
            return [Run(op.Input(0), axes, keep)];
        Symbol x = op.AnyLayout(0, out bool last);
        return [new OpResult(Run(x, [.. axes.Select(axis => (long)Steps.Place((int)axis, rank, last))], keep), last && keep)];

        Symbol Run(Symbol input, long[] over, bool keepDimensions)
        {
            Symbol wide = op.Widen(input);
            if (!floatsOnly || wide.Type.IsFloating())
                return reduction(op, wide, over, keepDimensions);
            return g.Cast(reduction(op, g.Cast(wide, DataType.Double), over, keepDimensions), wide.Type);
        }
    }
}
