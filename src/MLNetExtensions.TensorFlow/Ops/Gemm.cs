namespace MLNetExtensions.TensorFlow.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Gemm.html">Gemm</see>: alpha * A' * B' + beta * C.</summary>
internal static class Gemm
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        float alpha = op.Node.Float("alpha", 1),
            beta = op.Node.Float("beta", 1);
        Symbol a = op.ToCompute(op.Input(0)),
            b = op.ToCompute(op.Input(1));
        Symbol y = op.Step([a, b], g.MatMul(a, b, op.Node.Int("transA", 0) != 0, op.Node.Int("transB", 0) != 0));
        if (alpha != 1)
            y = op.Derive(y, v => v * alpha);
        if (!op.Node.HasInput(2) || beta == 0)
            return [y];
        Symbol c = op.ToCompute(op.Input(2));
        if (beta != 1)
            c = op.Derive(c, v => v * beta);
        if (c.Type.IsFloating() && c.Shape is [var size] && size == op.OutputType(0).Shape[1])
            return [op.BiasAdd(y, c)];
        return [op.Step([y, c], y + c, outputs => [outputs[0], g.SumTo(outputs[0]!.Value, c.Shape)])];
    }
}
