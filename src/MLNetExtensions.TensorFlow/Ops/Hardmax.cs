using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__Hardmax.html">Hardmax</see>: 1 at the first largest value along an axis, else 0.
/// </summary>
internal static class Hardmax
{
    public static OpResult[] Compile(OpCompilation op)
    {
        op.NoGradient();
        TensorFlowGraph g = op.Graph;
        Symbol x = op.Input(0);
        int axis = op.Axis(-1);
        Symbol first = g.Op("ArgMax").Input(x).Input(g.Int32(axis)).Output();
        return
        [
            g.Op("OneHot")
                .Input(first)
                .Input(g.Int32(x.Shape[axis]))
                .Input(g.Scalar(1, x.Type))
                .Input(g.Scalar(0, x.Type))
                .Set("axis", axis)
                .Output(),
        ];
    }
}
