namespace MLNetExtensions.TensorFlow.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__IsInf.html">IsInf</see>, with a choice of signs.</summary>
internal static class IsInf
{
    public static OpResult[] Compile(OpCompilation op)
    {
        op.NoGradient();
        TensorFlowGraph g = op.Graph;
        bool negative = op.Node.Int("detect_negative", 1) != 0,
            positive = op.Node.Int("detect_positive", 1) != 0;
        Symbol x = op.AnyLayout(0, out bool last);
        Symbol y = (negative, positive) switch
        {
            (true, true) => g.Unary("IsInf", x),
            (true, false) => g.Binary("Equal", x, g.Scalar(double.NegativeInfinity, x.Type)),
            (false, true) => g.Binary("Equal", x, g.Scalar(double.PositiveInfinity, x.Type)),
            _ => g.Zeros(DataType.Bool, x.Shape),
        };
        return [new OpResult(y, last)];
    }
}
