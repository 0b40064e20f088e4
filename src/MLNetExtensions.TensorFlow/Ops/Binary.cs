namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>Element-wise functions of two values with broadcasting: arithmetic, comparisons, logic, bits.</summary>
internal static class Binary
{
    public static OpRegistration[] Registrations =>
        [
            new("Add", op => Arithmetic(op, "AddV2", (_, _, _, dy) => (dy, dy))),
            Jumps("And", "LogicalAnd"),
            Jumps("BitwiseAnd", "BitwiseAnd"),
            Jumps("BitwiseOr", "BitwiseOr"),
            Jumps("BitwiseXor", "BitwiseXor"),
            Jumps("Equal", "Equal"),
            Jumps("Greater", "Greater"),
            Jumps("GreaterOrEqual", "GreaterEqual"),
            Jumps("Less", "Less"),
            Jumps("LessOrEqual", "LessEqual"),
            new("Mul", op => Arithmetic(op, "Mul", (_, a, b, dy) => (dy * b, dy * a))),
            Jumps("Or", "LogicalOr"),
            new("Sub", op => Arithmetic(op, "Sub", (_, _, _, dy) => (dy, -dy))),
            Jumps("Xor", "NotEqual"),
            new("BitShift", BitShift),
            new("Div", Div),
            new("Mod", Mod),
            new("Pow", Pow),
        ];

    /// <summary>A function with a gradient by each operand before broadcasting is undone.</summary>
    private static OpResult[] Arithmetic(
        OpCompilation op,
        string type,
        Func<TensorFlowGraph, Symbol, Symbol, Symbol, (Symbol A, Symbol B)> gradient
    )
    {
        TensorFlowGraph g = op.Graph;
        Symbol[] x = op.SameLayout(out bool last);
        (Symbol a, Symbol b) = Promote(op, x[0], x[1]);
        Symbol y = op.Step(
            [a, b],
            g.Binary(type, a, b),
            outputs =>
            {
                (Symbol da, Symbol db) = gradient(g, a, b, outputs[0]!.Value);
                return [g.SumTo(da, a.Shape), g.SumTo(db, b.Shape)];
            }
        );
        return [new OpResult(y, last)];
    }

    /// <summary>An operand of 16 bits beside one of 32 is widened.</summary>
    private static (Symbol A, Symbol B) Promote(OpCompilation op, Symbol a, Symbol b)
    {
        if (a.Type == b.Type)
            return (a, b);
        return a.Type is DataType.BFloat16 or DataType.Half
            ? (op.Derive(a, v => op.Graph.Cast(v, b.Type)), b)
            : (a, op.Derive(b, v => op.Graph.Cast(v, a.Type)));
    }

    private static OpResult[] BitShift(OpCompilation op)
    {
        op.NoGradient();
        string type = op.Node.String("direction", "") switch
        {
            "LEFT" => "LeftShift",
            "RIGHT" => "RightShift",
            string other => throw op.Unsupported($"direction '{other}'"),
        };
        return [op.Graph.Binary(type, op.Input(0), op.Input(1))];
    }

    /// <summary>Integers are divided as in C, toward zero.</summary>
    private static OpResult[] Div(OpCompilation op)
    {
        if (op.InputType(0).ElementType.ToDataType()?.IsFloating() == true)
            return Arithmetic(op, "RealDiv", (_, a, b, dy) => (dy / b, -(dy * a / (b * b))));
        op.NoGradient();
        return [op.Graph.Binary("TruncateDiv", op.Input(0), op.Input(1))];
    }

    /// <summary>The sign is the divisor's, or with <c>fmod</c> the dividend's.</summary>
    private static OpResult[] Mod(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        Symbol x = op.Input(0);
        // TensorFlow's has no 16 bits.
        (Symbol a, Symbol b) = Promote(op, Wide(x), Wide(op.Input(1)));
        Symbol rest = g.Binary(op.Node.Int("fmod", 0) != 0 ? "TruncateMod" : "FloorMod", a, b);
        op.Step(
            [a, b],
            rest,
            outputs =>
            {
                Symbol dy = outputs[0]!.Value,
                    quotient = g.Unary("Rint", (a - rest) / b);
                return [g.SumTo(dy, a.Shape), g.SumTo(-(dy * quotient), b.Shape)];
            }
        );
        return [x.Type == DataType.Half && !op.IsNarrow(x.Type) ? op.Derive(rest, v => g.Cast(v, DataType.Half)) : rest];

        Symbol Wide(Symbol value) =>
            value.Type is DataType.Half or DataType.BFloat16 ? op.Derive(value, v => g.Cast(v, DataType.Float)) : value;
    }

    /// <summary>The result has the base's type, whatever the exponent's.</summary>
    private static OpResult[] Pow(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        bool scalar = op.ConstantInput(1) is { Count: 1 } && op.InputType(1).Shape.Length <= op.InputType(0).Shape.Length;
        if (scalar && op.ConstantInput(1)!.ToFloats() is [var power] && op.InputType(0).ElementType.ToDataType()?.IsFloating() == true)
        {
            Symbol x = op.AnyLayout(0, out bool last);
            bool lower = op.IsNarrow(x.Type);
            Symbol wide = lower ? op.Derive(x, v => g.Cast(v, DataType.Float)) : x;
            Symbol y = power switch
            {
                1 => g.Identity(wide),
                2 => g.Square(wide),
                3 => g.Square(wide) * wide,
                _ => g.Pow(wide, g.Scalar(power, wide.Type)),
            };
            op.Step(
                [wide],
                y,
                outputs =>
                    [
                        outputs[0]!.Value
                            * power
                            * (
                                power switch
                                {
                                    1 => g.Scalar(1, wide.Type),
                                    2 => wide,
                                    3 => g.Square(wide),
                                    _ => g.Pow(wide, g.Scalar(power - 1, wide.Type)),
                                }
                            ),
                    ]
            );
            return [new OpResult(y, last)];
        }
        DataType type = op.InputType(0).ElementType.ToDataType()!.Value;
        Symbol a = op.ToFloat32(op.Input(0)),
            b = op.Input(1);
        if (a.Type == b.Type)
            return [g.Pow(a, b)];
        // Integers to a broken power, and the reverse.
        DataType common =
            a.Type.IsFloating() ? a.Type
            : b.Type.IsFloating() ? DataType.Double
            : a.Type;
        return [g.Cast(g.Pow(g.Cast(a, common), g.Cast(b, common)), type)];
    }

    private static OpRegistration Jumps(string opType, string type) =>
        new(
            opType,
            op =>
            {
                op.NoGradient();
                Symbol[] x = op.SameLayout(out bool last);
                return [new OpResult(op.Graph.Binary(type, x[0], x[1]), last)];
            }
        );
}
