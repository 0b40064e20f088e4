using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__OneHot.html">OneHot</see> for a constant depth; indices out of range give a row of off
/// values.
/// </summary>
internal static class OneHot
{
    public static OpResult[] Compile(OpCompilation op)
    {
        op.NoGradient();
        TensorFlowGraph g = op.Graph;
        long depth = op.ConstantInt64s(1)![0];
        int axis = Axes.FromFront(op.Node.Int("axis", -1), op.OutputType(0).Shape.Length);
        Symbol index = Indices.FromStart(g, op.Input(0), depth),
            values = op.Input(2);
        Symbol off = g.Reshape(g.Narrow(values, 0, 0, 1)),
            on = g.Reshape(g.Narrow(values, 0, 1, 1));
        return [g.Op("OneHot").Input(index).Input(g.Int32(depth)).Input(on).Input(off).Set("axis", axis).Output()];
    }
}
