using MLNetExtensions.Onnx.Operators;
using static MLNetExtensions.Onnx.Shapes.ShapeInference;

namespace MLNetExtensions.Onnx.Shapes;

/// <summary>Operators that work on each element by itself, or keep the shape of their first input.</summary>
internal static class ElementwiseShapes
{
    private static readonly string[] Unary =
    [
        "Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "BitwiseNot", "Ceil", "Celu", "Clip", "Cos", "Cosh", "CumSum", "Elu", "Erf",
        "Exp", "Floor", "Gelu", "HardSigmoid", "HardSwish", "Identity", "LeakyRelu", "Log", "Mish", "Neg", "Not", "PRelu", "Reciprocal",
        "Relu", "Round", "Selu", "Shrink", "Sigmoid", "Sign", "Sin", "Sinh", "Softplus", "Softsign", "Sqrt", "Tan", "Tanh",
        "ThresholdedRelu", "Trilu",
    ];

    private static readonly string[] Arithmetic =
        ["Add", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "Div", "Max", "Mean", "Min", "Mod", "Mul", "Pow", "Sub", "Sum"];

    private static readonly string[] Comparison = ["And", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Or", "Xor"];

    public static IEnumerable<(string OpType, Rule Rule)> Rules =>
    [
        .. Unary.Select(op => (op, (Rule)(node => [node.Type(0)]))),
        .. Arithmetic.Select(op => (op, (Rule)(node => [new(node.ElementType(0), All(node))]))),
        .. Comparison.Select(op => (op, (Rule)(node => [new(OnnxElementType.Bool, All(node))]))),
        ("IsInf", node => [new(OnnxElementType.Bool, node.Shape(0))]),
        ("IsNaN", node => [new(OnnxElementType.Bool, node.Shape(0))]),
        ("Where", node => [new(node.ElementType(1), All(node))]),
        ("Cast", node => [new((OnnxElementType)node.Node.Int("to", 0), node.Shape(0))]),
        ("CastLike", node => [new(node.ElementType(1), node.Shape(0))]),
        ("QuantizeLinear", node => [new(node.Node.Int("output_dtype", 0) is > 0 and var type ? (OnnxElementType)type : node.HasInput(2) ? node.ElementType(2) : OnnxElementType.UInt8, node.Shape(0))]),
        ("DequantizeLinear", node => [new(node.ElementType(1), node.Shape(0))]),
        ("Dropout", node => [node.Type(0), new(OnnxElementType.Bool, node.Shape(0))]),
    ];

    private static long[] All(LoweringNode node) => Broadcasting.Shape(node, Enumerable.Range(0, node.InputCount));
}
