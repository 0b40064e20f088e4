using MLNetExtensions.Onnx;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>Element-wise functions of one value without attributes.</summary>
internal static class Unary
{
    public static OpRegistration[] Registrations =>
    [
        Of("Abs", 13, x => x.abs()),
        Of("Acos", 22, x => x.acos()),
        Of("Acosh", 22, x => x.acosh()),
        Of("Asin", 22, x => x.asin()),
        Of("Asinh", 22, x => x.asinh()),
        Of("Atan", 22, x => x.atan()),
        Of("Atanh", 22, x => x.atanh()),
        new("", "BitwiseNot", 18, BitwiseNot),
        Of("Ceil", 13, x => x.ceil()),
        Of("Cos", 22, x => x.cos()),
        Of("Cosh", 22, x => x.cosh()),
        Of("Erf", 13, x => x.erf()),
        // The results of Exp and Log lose too much in 16 bits.
        Of32("Exp", 13, x => x.exp()),
        Of("Floor", 13, x => x.floor()),
        Of("HardSwish", 22, x => x.hardswish()),
        Of("Identity", 21, x => x.alias()),
        Of("IsNaN", 20, x => x.isnan()),
        Of32("Log", 13, x => x.log()),
        Of("Mish", 22, x => torch.nn.functional.mish(x)),
        Of("Neg", 13, x => x.neg()),
        Of("Not", 1, x => x.logical_not()),
        Of32("Reciprocal", 13, x => x.reciprocal()),
        Of("Relu", 14, x => x.relu()),
        // Halves go to the even neighbor, as ONNX asks.
        Of("Round", 22, x => x.round()),
        Of("Sigmoid", 13, x => x.sigmoid()),
        Of("Sign", 13, x => x.sign()),
        Of("Sin", 22, x => x.sin()),
        Of("Sinh", 22, x => x.sinh()),
        Of("Softplus", 22, x => x.softplus()),
        Of("Softsign", 22, x => torch.nn.functional.softsign(x)),
        Of32("Sqrt", 13, x => x.sqrt()),
        Of("Tan", 22, x => x.tan()),
        Of("Tanh", 13, x => x.tanh()),
    ];

    private static OpKernel BitwiseNot(OpCompilation op) => op.InputType(0).ElementType switch
    {
        // Held in wider signed integers: only their own bits turn.
        OnnxElementType.UInt16 => (inputs, _) => [inputs[0]!.neg().add(ushort.MaxValue)],
        OnnxElementType.UInt32 => (inputs, _) => [inputs[0]!.neg().add((long)uint.MaxValue)],
        _ => (inputs, _) => [inputs[0]!.bitwise_not()],
    };

    private static OpRegistration Of(string opType, int version, Func<Tensor, Tensor> function) =>
        new("", opType, version, _ => (inputs, _) => [function(inputs[0]!)]);

    private static OpRegistration Of32(string opType, int version, Func<Tensor, Tensor> function) =>
        new("", opType, version, _ => (inputs, run) => [function(run.ToFloat32(inputs[0]!))]);
}
