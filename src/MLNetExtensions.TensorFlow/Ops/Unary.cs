namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>Element-wise functions of one value without attributes.</summary>
internal static class Unary
{
    public static OpRegistration[] Registrations =>
        [
            Of("Abs", "Abs"),
            Of("Acos", "Acos"),
            Of("Acosh", "Acosh"),
            Of("Asin", "Asin"),
            Of("Asinh", "Asinh"),
            Of("Atan", "Atan"),
            Of("Atanh", "Atanh"),
            Jumps("BitwiseNot", "Invert"),
            Jumps("Ceil", "Ceil"),
            Of("Cos", "Cos"),
            Of("Cosh", "Cosh"),
            Of("Erf", "Erf"),
            // The results of Exp and Log lose too much in 16 bits.
            Of32("Exp", "Exp"),
            Jumps("Floor", "Floor"),
            new("HardSwish", HardSwish),
            new("Identity", op => [new OpResult(op.AnyLayout(0, out bool last), last)]),
            Jumps("IsNaN", "IsNan"),
            Of32("Log", "Log"),
            new("Mish", Mish),
            Of("Neg", "Neg"),
            Jumps("Not", "LogicalNot"),
            Of32("Reciprocal", "Reciprocal"),
            Of("Relu", "Relu"),
            // Halves go to the even neighbor, as ONNX asks.
            Jumps("Round", "Rint"),
            Of("Sigmoid", "Sigmoid"),
            Jumps("Sign", "Sign"),
            Of("Sin", "Sin"),
            Of("Sinh", "Sinh"),
            Of("Softplus", "Softplus"),
            Of("Softsign", "Softsign"),
            Of32("Sqrt", "Sqrt"),
            Of("Tan", "Tan"),
            Of("Tanh", "Tanh"),
        ];

    private static OpRegistration Of(string opType, string type) => Of(opType, (g, x) => g.Unary(type, x));

    private static OpRegistration Of(string opType, Func<TensorFlowGraph, Symbol, Symbol> function) =>
        new(opType, op => [new OpResult(function(op.Graph, op.AnyLayout(0, out bool last)), last)]);

    /// <summary>x Relu6(x + 3) / 6, with the sixth taken once.</summary>
    private static OpResult[] HardSwish(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        Symbol x = op.AnyLayout(0, out bool last),
            ramp = g.Unary("Relu6", x + 3);
        Symbol y = op.Step(
            [x],
            x * ramp * (1 / 6.0),
            outputs =>
            {
                Symbol dy = outputs[0]!.Value * (1 / 6.0);
                return [dy * ramp + g.Binary("Relu6Grad", dy * x, ramp)];
            }
        );
        return [new OpResult(y, last)];
    }

    private static OpResult[] Mish(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        Symbol x = op.AnyLayout(0, out bool last);
        // TensorFlow makes one kernel of these three where nothing else reads what is between them; Softplus by itself is slow.
        Symbol y = op.Step(
            [x],
            x * g.Unary("Tanh", g.Softplus(x)),
            outputs =>
            {
                Symbol power = g.Exp(x),
                    share = 1 - 2 / (power * (power + 2) + 2);
                return [outputs[0]!.Value * (share + x * (1 - g.Square(share)) * g.Unary("Sigmoid", x))];
            }
        );
        return [new OpResult(y, last)];
    }

    private static OpRegistration Of32(string opType, string type) =>
        new(opType, op => [new OpResult(op.Graph.Unary(type, op.ToFloat32(op.AnyLayout(0, out bool last))), last)]);

    private static OpRegistration Jumps(string opType, string type) =>
        new(
            opType,
            op =>
            {
                op.NoGradient();
                return [new OpResult(op.Graph.Unary(type, op.AnyLayout(0, out bool last)), last)];
            }
        );
}
