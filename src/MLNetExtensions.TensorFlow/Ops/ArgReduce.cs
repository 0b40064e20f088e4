using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__ArgMax.html">ArgMax</see> and
/// <see href="https://onnx.ai/onnx/operators/onnx__ArgMin.html">ArgMin</see>: the first or last position of the extreme along an axis.
/// </summary>
internal static class ArgReduce
{
    public static OpResult[] CompileMax(OpCompilation op) => Compile(op, "ArgMax");

    public static OpResult[] CompileMin(OpCompilation op) => Compile(op, "ArgMin");

    private static OpResult[] Compile(OpCompilation op, string type)
    {
        op.NoGradient();
        TensorFlowGraph g = op.Graph;
        Symbol x = op.Input(0);
        int axis = op.Axis(0);
        bool last = op.Node.Int("select_last_index", 0) != 0;
        if (last)
            x = g.Op("ReverseV2").Input(x).Input(g.Int32s(axis)).Output();
        Symbol position = g.Op(type).Input(x).Input(g.Int32(axis)).Output();
        if (last)
            position = (x.Shape[axis] - 1) - position;
        return [g.Reshape(position, op.OutputType(0).Shape)];
    }
}
