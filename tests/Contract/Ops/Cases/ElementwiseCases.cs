using MLNetExtensions.Onnx;
using static MLNetExtensions.Onnx.OnnxAttribute;
using static MLNetExtensions.TrainingContract.Ops.OpInput;

namespace MLNetExtensions.TrainingContract.Ops.Cases;

/// <summary>Functions of single elements.</summary>
internal static class ElementwiseCases
{
    private static readonly OpInput Anything = Range(-3, 3, 2, 3, 4, 5);
    private static readonly OpInput Row = Range(-2, 2, 4, 1);
    private static readonly OpInput Truths = Bools([2, 3], true, false, true, true, false, false),
        OtherTruths = Bools([3], true, false, false);

    public static readonly OpCase[] All =
    [
        .. new[]
        {
            "Abs",
            "Asinh",
            "Atan",
            "Ceil",
            "Cos",
            "Cosh",
            "Erf",
            "Exp",
            "Floor",
            "HardSwish",
            "Identity",
            "IsInf",
            "IsNaN",
            "Mish",
            "Neg",
            "Relu",
            "Round",
            "Sigmoid",
            "Sign",
            "Sin",
            "Sinh",
            "Softplus",
            "Softsign",
            "Tan",
            "Tanh",
            "Celu",
            "Elu",
            "Gelu",
            "HardSigmoid",
            "LeakyRelu",
            "Selu",
            "ThresholdedRelu",
        }.Select(op => new OpCase(op, op, [Anything])),
        .. new[] { "Acos", "Asin", "Atanh" }.Select(op => new OpCase(op, op, [Range(-0.9, 0.9, 3, 4)])),
        .. new[] { "Acosh", "Log", "Reciprocal", "Sqrt" }.Select(op => new OpCase(op, op, [Range(1.1, 4, 3, 4)])),
        .. new[] { "Add", "Sub", "Mul", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual" }.Select(op => new OpCase(
            $"{op}, broadcast",
            op,
            [Anything, Row]
        )),
        .. new[] { "And", "Or", "Xor" }.Select(op => new OpCase($"{op}, broadcast", op, [Truths, OtherTruths])),
        .. new[] { "Max", "Min", "Sum", "Mean" }.Select(op => new OpCase($"{op} of three", op, [Floats(2, 3), Floats(3), Floats(2, 1)])),
        new("Not", "Not", [Truths]),
        new("Celu, alpha", "Celu", [Anything], Of("alpha", 2f)),
        new("Elu, alpha", "Elu", [Anything], Of("alpha", 0.5f)),
        new("Gelu, tanh", "Gelu", [Anything], Of("approximate", "tanh")),
        new("HardSigmoid, alpha, beta", "HardSigmoid", [Anything], Of("alpha", 0.3f), Of("beta", 0.4f)),
        new("HardSigmoid, a sixth", "HardSigmoid", [Anything], Of("alpha", 1f / 6), Of("beta", 0.5f)),
        new("LeakyRelu, alpha", "LeakyRelu", [Anything], Of("alpha", 0.2f)),
        new("PRelu, a slope a channel", "PRelu", [Anything, Floats(3, 1, 1)]),
        new("PRelu, one slope", "PRelu", [Anything, Floats(1)]),
        new("PRelu, a slope a column", "PRelu", [Anything, Floats(5)]),
        new("Selu, alpha, gamma", "Selu", [Anything], Of("alpha", 1.5f), Of("gamma", 1.2f)),
        new("Shrink, soft", "Shrink", [Anything], Of("lambd", 1f), Of("bias", 1f)),
        new("Shrink, hard", "Shrink", [Anything], Of("lambd", 1.5f)),
        new("ThresholdedRelu, alpha", "ThresholdedRelu", [Anything], Of("alpha", 0.5f)),
        new(
            "IsInf, negative only",
            "IsInf",
            [new OpInput(OnnxTensor.FromFloats("", [3], [1, float.PositiveInfinity, float.NegativeInfinity]), false)],
            Of("detect_positive", 0L)
        ),
        new("Div, broadcast", "Div", [Anything, Range(1, 2, 4, 1)]),
        new("Div, integers toward zero", "Div", [Int64s([4], 7, -7, 8, -9), Int64s([4], 2, 2, -3, 4)]),
        new("Mod, sign of the divisor", "Mod", [Int64s([4], 7, -7, 8, -9), Int64s([4], 2, 2, -3, 4)]),
        new("Mod, fmod", "Mod", [Anything, Range(1, 2, 4, 1)], Of("fmod", 1L)),
        new("Pow, constant", "Pow", [Range(0.5, 2, 3, 4), Scalar(2.5f)]),
        new("Pow, square of negatives", "Pow", [Anything, Scalar(2f)]),
        new("Pow, tensors", "Pow", [Range(0.5, 2, 3, 4), Range(-2, 2, 4)]),
        new("Clip, both", "Clip", [Anything, Scalar(-1f), Scalar(2f)]),
        new("Clip, ReLU6", "Clip", [Anything, Scalar(0f), Scalar(6f)]),
        new("Clip, below", "Clip", [Anything, Scalar(0.5f)]),
        new("Clip, above", "Clip", [Anything, Absent, Scalar(0.5f)]),
        new("Clip, bounds at run time", "Clip", [Anything, new OpInput(Scalar(-1f).Tensor, false)]) { Tolerance = 1e-6 },
        new("Mul, a value for each channel", "Mul", [Floats(2, 3, 4, 5), Floats(3, 1, 1)]),
        new("Where, broadcast", "Where", [Truths, Floats(2, 1), Floats(2, 3)]),
        new("Cast, to integers", "Cast", [Range(-5, 5, 3, 4)], Of("to", 7L)),
        new("Cast, to truth values", "Cast", [new OpInput(OnnxTensor.FromFloats("", [4], [0, 1, -0.5f, 0]), false)], Of("to", 9L)),
        new("Cast, to float", "Cast", [Int64s([3], 1, -2, 3)], Of("to", 1L)),
    ];
}
