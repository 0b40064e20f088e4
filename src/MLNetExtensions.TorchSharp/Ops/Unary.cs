using MLNetExtensions.Onnx;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>Element-wise functions of one value without attributes.</summary>
internal static class Unary
{
    public static OpRegistration[] Registrations =>
        [
            Of("Abs", x => x.abs()),
            Of("Acos", x => x.acos()),
            Of("Acosh", x => x.acosh()),
            Of("Asin", x => x.asin()),
            Of("Asinh", x => x.asinh()),
            Of("Atan", x => x.atan()),
            Of("Atanh", x => x.atanh()),
            new("BitwiseNot", BitwiseNot),
            Of("Ceil", x => x.ceil()),
            Of("Cos", x => x.cos()),
            Of("Cosh", x => x.cosh()),
            Of("Erf", x => x.erf()),
            // The results of Exp and Log lose too much in 16 bits.
            Of32("Exp", x => x.exp()),
            Of("Floor", x => x.floor()),
            Of("HardSwish", x => x.hardswish()),
            Of("Identity", x => x.alias()),
            Of("IsNaN", x => x.isnan()),
            Of32("Log", x => x.log()),
            Of("Mish", x => torch.nn.functional.mish(x)),
            Of("Neg", x => x.neg()),
            Of("Not", x => x.logical_not()),
            Of32("Reciprocal", x => x.reciprocal()),
            Of("Relu", x => x.relu()),
            // Halves go to the even neighbor, as ONNX asks.
            Of("Round", x => x.round()),
            Of("Sigmoid", x => x.sigmoid()),
            Of("Sign", x => x.sign()),
            Of("Sin", x => x.sin()),
            Of("Sinh", x => x.sinh()),
            Of("Softplus", x => x.softplus()),
            Of("Softsign", x => torch.nn.functional.softsign(x)),
            Of32("Sqrt", x => x.sqrt()),
            Of("Tan", x => x.tan()),
            Of("Tanh", x => x.tanh()),
        ];

    private static OpKernel BitwiseNot(OpCompilation op) =>
        op.InputType(0).ElementType switch
        {
            // Held in wider signed integers: only their own bits turn.
            OnnxElementType.UInt16 => (inputs, _) => [inputs[0]!.neg().add(ushort.MaxValue)],
            OnnxElementType.UInt32 => (inputs, _) => [inputs[0]!.neg().add((long)uint.MaxValue)],
            _ => (inputs, _) => [inputs[0]!.bitwise_not()],
        };

    private static OpRegistration Of(string opType, Func<Tensor, Tensor> function) =>
        new(opType, _ => (inputs, _) => [function(inputs[0]!)]);

    private static OpRegistration Of32(string opType, Func<Tensor, Tensor> function) =>
        new(opType, _ => (inputs, run) => [function(run.ToFloat32(inputs[0]!))]);
}
