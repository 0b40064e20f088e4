namespace MLNetExtensions.TensorFlow.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Where.html">Where</see>: condition ? x : y with broadcasting.</summary>
internal static class Where
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        Symbol[] inputs = op.SameLayout(out bool last);
        (Symbol condition, Symbol x, Symbol y) = (inputs[0], inputs[1], inputs[2]);
        if (x.Type != y.Type)
            (x, y) = (op.Widen(x), op.Widen(y));
        Symbol result = op.Step(
            [x, y],
            g.Where(condition, x, y),
            outputs =>
            {
                Symbol dy = outputs[0]!.Value,
                    zero = g.Scalar(0, dy.Type);
                return [g.SumTo(g.Where(condition, dy, zero), x.Shape), g.SumTo(g.Where(condition, zero, dy), y.Shape)];
            }
        );
        return [new OpResult(result, last)];
    }
}
