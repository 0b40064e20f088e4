namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>Element-wise activations with attributes; absent attributes have ONNX's defaults.</summary>
internal static class Activations
{
    public static OpRegistration[] Registrations =>
        [
            Of("Celu", Celu),
            Of("Elu", op => Elu(op.Node.Float("alpha", 1), 1)),
            new("Gelu", Gelu),
            Of("HardSigmoid", HardSigmoid),
            Of("LeakyRelu", op => (g, x) => g.Op("LeakyRelu").Input(x).Set("alpha", op.Node.Float("alpha", 0.01f)).Output()),
            new("PRelu", PRelu),
            Of("Selu", Selu),
            Of("Shrink", Shrink),
            Of(
                "ThresholdedRelu",
                op =>
                    (g, x) =>
                        g.Where(g.Binary("Greater", x, g.Scalar(op.Node.Float("alpha", 1), x.Type)), x, g.Op("ZerosLike").Input(x).Output())
            ),
        ];

    private static Func<TensorFlowGraph, Symbol, Symbol> Selu(OpCompilation op)
    {
        const float defaultAlpha = 1.67326319217681884765625f,
            defaultGamma = 1.05070102214813232421875f;
        float alpha = op.Node.Float("alpha", defaultAlpha),
            gamma = op.Node.Float("gamma", defaultGamma);
        return alpha == defaultAlpha && gamma == defaultGamma ? (g, x) => g.Unary("Selu", x) : Elu(alpha, gamma);
    }

    private static Func<TensorFlowGraph, Symbol, Symbol> Celu(OpCompilation op)
    {
        double alpha = op.Node.Float("alpha", 1);
        return (g, x) => g.Unary("Relu", x) + alpha * g.Unary("Elu", -g.Unary("Relu", -x) / alpha);
    }

    private static Func<TensorFlowGraph, Symbol, Symbol> Elu(float alpha, float gamma) =>
        (g, x) =>
        {
            // Relu and Elu of the negative part: TensorFlow's Elu has alpha 1 only.
            Symbol y = alpha == 1 ? g.Unary("Elu", x) : g.Unary("Relu", x) + alpha * g.Unary("Elu", -g.Unary("Relu", -x));
            return gamma == 1 ? y : y * gamma;
        };

    private static OpResult[] Gelu(OpCompilation op) =>
        op.Node.String("approximate", "none") switch
        {
            "none" => Gelu(
                op,
                (g, x) => g.Unary("Erf", x * Math.Sqrt(0.5)),
                (g, x, _) => g.Exp(g.Square(x) * -0.5) * Math.Sqrt(2 / Math.PI)
            ),
            "tanh" => Gelu(
                op,
                (g, x) => g.Unary("Tanh", (g.Square(x) * 0.044715 + 1) * x * Math.Sqrt(2 / Math.PI)),
                (g, x, tanh) => (1 - g.Square(tanh)) * (g.Square(x) * (3 * 0.044715 * Math.Sqrt(2 / Math.PI)) + Math.Sqrt(2 / Math.PI))
            ),
            string other => throw op.Unsupported($"approximate '{other}'"),
        };

    /// <summary>The value times a share that goes from 0 to 1 as a function does from -1 to 1.</summary>
    private static OpResult[] Gelu(
        OpCompilation op,
        Func<TensorFlowGraph, Symbol, Symbol> function,
        Func<TensorFlowGraph, Symbol, Symbol, Symbol> derivative
    )
    {
        TensorFlowGraph g = op.Graph;
        Symbol x = op.AnyLayout(0, out bool last),
            value = function(g, x),
            share = value * 0.5 + 0.5;
        return [new OpResult(op.Step([x], x * share, outputs => [outputs[0]!.Value * (share + x * 0.5 * derivative(g, x, value))]), last)];
    }

    private static Func<TensorFlowGraph, Symbol, Symbol> HardSigmoid(OpCompilation op)
    {
        double alpha = op.Node.Float("alpha", 0.2f),
            beta = op.Node.Float("beta", 0.5f);
        // Relu6 is the one clipping that has a gradient op of its own.
        return (g, x) => g.Unary("Relu6", x * (alpha * 6) + beta * 6) / 6;
    }

    private static OpResult[] PRelu(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        Symbol[] inputs = op.SameLayout(out bool last);
        (Symbol x, Symbol slope) = (inputs[0], inputs[1]);
        if (slope.Type != x.Type)
            slope = op.Derive(slope, v => g.Cast(v, x.Type));
        Symbol zero = g.Scalar(0, x.Type),
            negative = g.Minimum(x, zero);
        Symbol y = op.Step(
            [x, slope],
            g.Unary("Relu", x) + slope * negative,
            outputs =>
            {
                Symbol dy = outputs[0]!.Value;
                return [g.Where(g.Binary("Less", x, zero), dy * slope, dy), g.SumTo(dy * negative, slope.Shape)];
            }
        );
        return [new OpResult(y, last)];
    }

    private static Func<TensorFlowGraph, Symbol, Symbol> Shrink(OpCompilation op)
    {
        double bias = op.Node.Float("bias", 0),
            lambda = op.Node.Float("lambd", 0.5f);
        return (g, x) =>
        {
            Symbol zero = g.Op("ZerosLike").Input(x).Output();
            Symbol below = g.Binary("Less", x, g.Scalar(-lambda, x.Type)),
                above = g.Binary("Greater", x, g.Scalar(lambda, x.Type));
            Symbol moved = g.Where(above, x - g.Scalar(bias, x.Type), zero);
            return g.Where(below, x + g.Scalar(bias, x.Type), moved);
        };
    }

    private static OpRegistration Of(string opType, Func<OpCompilation, Func<TensorFlowGraph, Symbol, Symbol>> function) =>
        new(opType, op => [new OpResult(function(op)(op.Graph, op.AnyLayout(0, out bool last)), last)]);
}
