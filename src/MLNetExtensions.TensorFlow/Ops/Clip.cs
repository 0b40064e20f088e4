namespace MLNetExtensions.TensorFlow.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Clip.html">Clip</see> to bounds, each of which may be absent.</summary>
internal static class Clip
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        Symbol x = op.AnyLayout(0, out bool last);
        if (op.ConstantInput(1)?.ToFloats() is [0] && op.ConstantInput(2)?.ToFloats() is [6] && x.Type.IsFloating())
            return [new OpResult(g.Unary("Relu6", x), last)];
        Symbol? low = Bound(1),
            high = Bound(2);
        bool isFixed = Enumerable.Range(1, 2).All(i => !op.Node.HasInput(i) || op.ConstantInput(i) is not null);
        if (isFixed)
        {
            Symbol clipped = low is { } atLeast ? g.Maximum(x, atLeast) : x;
            clipped = high is { } atMost ? g.Minimum(clipped, atMost) : clipped;
            // Values at a bound keep their gradient, as in PyTorch.
            return
            [
                new OpResult(
                    op.Step([x], clipped, outputs => [g.Where(g.Binary("Equal", x, clipped), outputs[0]!.Value, g.Scalar(0, x.Type))]),
                    last
                ),
            ];
        }
        Symbol y = op.Step([x], x);
        if (low is { } l)
            y = Limit("Maximum", "GreaterEqual", y, l);
        if (high is { } h)
            y = Limit("Minimum", "LessEqual", y, h);
        return [new OpResult(y, last)];

        Symbol? Bound(int index) => op.Node.HasInput(index) ? g.Cast(op.Input(index), x.Type) : null;

        Symbol Limit(string type, string within, Symbol value, Symbol bound) =>
            op.Step(
                [value, bound],
                g.Binary(type, value, bound),
                outputs =>
                {
                    Symbol dy = outputs[0]!.Value,
                        zero = g.Scalar(0, dy.Type),
                        inside = g.Binary(within, value, bound);
                    return [g.Where(inside, dy, zero), g.SumTo(g.Where(inside, zero, dy), bound.Shape)];
                }
            );
    }
}
