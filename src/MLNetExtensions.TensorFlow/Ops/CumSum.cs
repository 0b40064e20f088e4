using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__CumSum.html">CumSum</see> along a constant axis.</summary>
internal static class CumSum
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        bool exclusive = op.Node.Int("exclusive", 0) != 0,
            reverse = op.Node.Int("reverse", 0) != 0;
        Symbol x = op.Widen(op.Input(0)),
            axis = g.Int32(Axes.FromFront(op.ConstantInt64s(1)![0], x.Rank));
        return [op.Step([x], Run(x, reverse), outputs => [Run(outputs[0]!.Value, !reverse)])];

        Symbol Run(Symbol value, bool fromEnd) =>
            g.Op("Cumsum").Input(value).Input(axis).Set("exclusive", exclusive).Set("reverse", fromEnd).Output();
    }
}
