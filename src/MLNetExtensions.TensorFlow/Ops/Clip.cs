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
        Symbol? low = Bound(1), high = Bound(2);
        Symbol y = low is { } l ? g.Maximum(x, l) : x;
        if (high is { } h)
            y = g.Minimum(y, h);
        if (!x.Type.IsFloating())
            op.NoGradient();
        else if (y != x)
            op.Step([x], y, outputs => [Inside(outputs[0]!.Value)]);
        return [new OpResult(y, last)];

        Symbol? Bound(int index) => op.Node.HasInput(index) ? g.Cast(op.Input(index), x.Type) : null;

        // Values at a bound keep their gradient, as in PyTorch.
        Symbol Inside(Symbol gradient)
        {
            Symbol zero = g.Scalar(0, gradient.Type);
            if (low is { } l)
                gradient = g.Where(g.Binary("GreaterEqual", x, l), gradient, zero);
            if (high is { } h)
                gradient = g.Where(g.Binary("LessEqual", x, h), gradient, zero);
            return gradient;
        }
    }
}
