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
        Symbol x = op.Widen(op.AnyLayout(0, out bool last));
        // TensorFlow's own is along the last axis.
        int end = x.Rank - 1,
            axis = Steps.Place(op.Axis(-1), x.Rank, last);
        Symbol y = op.Derive(op.Swap(x, axis, end), v => op.Graph.Unary(type, v));
        return [new OpResult(op.Swap(y, axis, end), last)];
    }
}
