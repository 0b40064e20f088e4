namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>Element-wise functions of one value without attributes.</summary>
internal static class Unary
{
    public static OpRegistration[] Registrations =>
    [
        Of("Abs", 13, "Abs"),
        Of("Acos", 22, "Acos"),
        Of("Acosh", 22, "Acosh"),
        Of("Asin", 22, "Asin"),
        Of("Asinh", 22, "Asinh"),
        Of("Atan", 22, "Atan"),
        Of("Atanh", 22, "Atanh"),
        Jumps("BitwiseNot", 18, "Invert"),
        Jumps("Ceil", 13, "Ceil"),
        Of("Cos", 22, "Cos"),
        Of("Cosh", 22, "Cosh"),
        Of("Erf", 13, "Erf"),
        // The results of Exp and Log lose too much in 16 bits.
        Of32("Exp", 13, "Exp"),
        Jumps("Floor", 13, "Floor"),
        new("", "HardSwish", 22, HardSwish),
        new("", "Identity", 21, op => [new OpResult(op.AnyLayout(0, out bool last), last)]),
        Jumps("IsNaN", 20, "IsNan"),
        Of32("Log", 13, "Log"),
        new("", "Mish", 22, Mish),
        Of("Neg", 13, "Neg"),
        Jumps("Not", 1, "LogicalNot"),
        Of32("Reciprocal", 13, "Reciprocal"),
        Of("Relu", 14, "Relu"),
        // Halves go to the even neighbor, as ONNX asks.
        Jumps("Round", 22, "Rint"),
        Of("Sigmoid", 13, "Sigmoid"),
        Jumps("Sign", 13, "Sign"),
        Of("Sin", 22, "Sin"),
        Of("Sinh", 22, "Sinh"),
        Of("Softplus", 22, "Softplus"),
        Of("Softsign", 22, "Softsign"),
        Of32("Sqrt", 13, "Sqrt"),
        Of("Tan", 22, "Tan"),
        Of("Tanh", 13, "Tanh"),
    ];

    private static OpRegistration Of(string opType, int version, string type) => Of(opType, version, (g, x) => g.Unary(type, x));

    private static OpRegistration Of(string opType, int version, Func<TensorFlowGraph, Symbol, Symbol> function) =>
        new("", opType, version, op => [new OpResult(function(op.Graph, op.AnyLayout(0, out bool last)), last)]);

    /// <summary>x Relu6(x + 3) / 6, with the sixth taken once.</summary>
    private static OpResult[] HardSwish(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        Symbol x = op.AnyLayout(0, out bool last), ramp = g.Unary("Relu6", x + 3);
        Symbol y = op.Step([x], x * ramp * (1 / 6.0), outputs =>
        {
            Symbol dy = outputs[0]!.Value * (1 / 6.0);
            return [dy * ramp + g.Binary("Relu6Grad", dy * x, ramp)];
        });
        return [new OpResult(y, last)];
    }

    private static OpResult[] Mish(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        Symbol x = op.AnyLayout(0, out bool last);
        // TensorFlow makes one kernel of these three where nothing else reads what is between them; Softplus by itself is slow.
        Symbol y = op.Step([x], x * g.Unary("Tanh", g.Softplus(x)), outputs =>
        {
            Symbol power = g.Exp(x), share = 1 - 2 / (power * (power + 2) + 2);
            return [outputs[0]!.Value * (share + x * (1 - g.Square(share)) * g.Unary("Sigmoid", x))];
        });
        return [new OpResult(y, last)];
    }

    private static OpRegistration Of32(string opType, int version, string type) =>
        new("", opType, version, op => [new OpResult(op.Graph.Unary(type, op.ToFloat32(op.AnyLayout(0, out bool last))), last)]);

    private static OpRegistration Jumps(string opType, int version, string type) => new("", opType, version, op =>
    {
        op.NoGradient();
        return [new OpResult(op.Graph.Unary(type, op.AnyLayout(0, out bool last)), last)];
    });
}
