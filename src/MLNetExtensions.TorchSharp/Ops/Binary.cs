namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>Element-wise functions of two values with broadcasting: arithmetic, comparisons, logic, bits.</summary>
internal static class Binary
{
    public static OpRegistration[] Registrations =>
        [
            Of("Add", (a, b) => a.add(b)),
            Of("And", (a, b) => a.logical_and(b)),
            Of("BitwiseAnd", (a, b) => a.bitwise_and(b)),
            Of("BitwiseOr", (a, b) => a.bitwise_or(b)),
            Of("BitwiseXor", (a, b) => a.bitwise_xor(b)),
            Of("Equal", (a, b) => a.eq(b)),
            Of("Greater", (a, b) => a.gt(b)),
            Of("GreaterOrEqual", (a, b) => a.ge(b)),
            Of("Less", (a, b) => a.lt(b)),
            Of("LessOrEqual", (a, b) => a.le(b)),
            Of("Mul", (a, b) => a.mul(b)),
            Of("Or", (a, b) => a.logical_or(b)),
            Of("Sub", (a, b) => a.sub(b)),
            Of("Xor", (a, b) => a.logical_xor(b)),
            new("BitShift", BitShift),
            new("Div", Div),
            new("Mod", Mod),
            new("Pow", Pow),
        ];

    private static OpKernel BitShift(OpCompilation op) =>
        op.Node.String("direction", "") switch
        {
            "LEFT" => (inputs, _) => [inputs[0]!.bitwise_left_shift(inputs[1]!)],
            "RIGHT" => (inputs, _) => [inputs[0]!.bitwise_right_shift(inputs[1]!)],
            string other => throw op.Unsupported($"direction '{other}'"),
        };

    /// <summary>Integers are divided as in C, toward zero.</summary>
    private static OpKernel Div(OpCompilation op) =>
        op.InputType(0).ElementType.IsFloating()
            ? (inputs, _) => [inputs[0]!.div(inputs[1]!)]
            : (inputs, _) => [inputs[0]!.div(inputs[1]!, torch.RoundingMode.trunc)];

    /// <summary>The sign is the divisor's, or with <c>fmod</c> the dividend's.</summary>
    private static OpKernel Mod(OpCompilation op) =>
        op.Node.Int("fmod", 0) != 0 ? (inputs, _) => [inputs[0]!.fmod(inputs[1]!)] : (inputs, _) => [inputs[0]!.remainder(inputs[1]!)];

    /// <summary>
    /// The result has the base's type, whatever the exponent's. A constant exponent of one value is given as a number, which is faster.
    /// </summary>
    private static OpKernel Pow(OpCompilation op)
    {
        bool sameType = op.InputType(0).ElementType == op.InputType(1).ElementType;
        if (
            sameType
            && op.InputType(0).ElementType.IsFloating()
            && op.ConstantInput(1) is { Count: 1 } exponent
            && exponent.Shape.Count <= op.InputType(0).Shape.Length
        )
        {
            double power = exponent.ToFloats()[0];
            return (inputs, run) => [run.ToFloat32(inputs[0]!).pow(power)];
        }
        return (inputs, run) =>
        {
            Tensor x = run.ToFloat32(inputs[0]!),
                y = x.pow(inputs[1]!);
            return [y.dtype == x.dtype ? y : y.to(x.dtype)];
        };
    }

    private static OpRegistration Of(string opType, Func<Tensor, Tensor, Tensor> function) =>
        new(opType, _ => (inputs, _) => [function(inputs[0]!, inputs[1]!)]);
}
