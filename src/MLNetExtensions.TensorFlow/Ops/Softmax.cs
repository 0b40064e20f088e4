using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__Softmax.html">Softmax</see> and
/// <see href="https://onnx.ai/onnx/operators/onnx__LogSoftmax.html">LogSoftmax</see> along one axis, in 32 bits.
/// </summary>
internal static class Softmax
{
    public static OpResult[] Compile(OpCompilation op) => Compile(op, "Softmax");

    public static OpResult[] CompileLog(OpCompilation op) => Compile(op, "LogSoftmax");

    private static OpResult[] Compile(OpCompilation op, string type)
    {
        TensorFlowGraph g = op.Graph;
        Symbol x = op.Widen(op.AnyLayout(0, out bool last));
        // TensorFlow's own is along the last axis.
        int end = x.Rank - 1,
            axis = Steps.Place(op.Axis(-1), x.Rank, last);
        Symbol moved = op.Swap(x, axis, end),
            y = type == "LogSoftmax" ? LogSoftmax(op, moved, end) : op.Derive(moved, v => g.Unary(type, v));
        return [new OpResult(op.Swap(y, axis, end), last)];
    }

    // The gradient that TensorFlow's registry has for LogSoftmax sums over axis 1, which is the last of matrices only.
    private static Symbol LogSoftmax(OpCompilation op, Symbol x, int end)
    {
        TensorFlowGraph g = op.Graph;
        Symbol y = g.LogSoftmax(x);
        return op.Step(
            [x],
            y,
            outputs =>
            {
                Symbol dy = outputs[0]!.Value;
                return [dy - g.Unary("Exp", y) * g.Sum(dy, [end], true)];
            }
        );
    }
}
