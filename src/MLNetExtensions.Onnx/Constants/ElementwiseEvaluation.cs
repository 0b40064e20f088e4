using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Tensors;
using static MLNetExtensions.Onnx.Constants.ConstantEvaluation;

namespace MLNetExtensions.Onnx.Constants;

/// <summary>Arithmetic, comparison and logic, as exporters use them on shapes. Integers are computed as long and wrap around,
/// as in ONNX Runtime; floats as double.</summary>
internal static class ElementwiseEvaluation
{
    public static IEnumerable<(string OpType, Rule Rule)> Rules =>
        [
            Binary("Add", (a, b) => unchecked(a + b), (a, b) => a + b),
            Binary("Sub", (a, b) => unchecked(a - b), (a, b) => a - b),
            Binary("Mul", (a, b) => unchecked(a * b), (a, b) => a * b),
            Binary("Div", (a, b) => a / b, (a, b) => a / b),
            Binary("Pow", (a, b) => unchecked((long)Math.Pow(a, b)), Math.Pow),
            Binary("Min", Math.Min, Math.Min),
            Binary("Max", Math.Max, Math.Max),
            Binary("Sum", (a, b) => unchecked(a + b), (a, b) => a + b),
            ("Mod", Mod),
            Comparison("Equal", (a, b) => a == b, (a, b) => a == b),
            Comparison("Less", (a, b) => a < b, (a, b) => a < b),
            Comparison("LessOrEqual", (a, b) => a <= b, (a, b) => a <= b),
            Comparison("Greater", (a, b) => a > b, (a, b) => a > b),
            Comparison("GreaterOrEqual", (a, b) => a >= b, (a, b) => a >= b),
            Binary("And", (a, b) => a & b),
            Binary("Or", (a, b) => a | b),
            Binary("Xor", (a, b) => a ^ b),
            Unary("Not", a => unchecked(1 - a)),
            Unary("Neg", a => unchecked(-a), a => -a),
            Unary("Abs", a => unchecked(a < 0 ? -a : a), Math.Abs),
            Unary("Sign", a => Math.Sign(a), a => double.IsNaN(a) ? a : Math.Sign(a)),
            Unary("Floor", a => a, Math.Floor),
            Unary("Ceil", a => a, Math.Ceiling),
            Unary("Round", a => a, a => Math.Round(a, MidpointRounding.ToEven)),
            Unary("Sqrt", null, Math.Sqrt),
            Unary("Exp", null, Math.Exp),
            Unary("Log", null, Math.Log),
            Unary("Sin", null, Math.Sin),
            Unary("Cos", null, Math.Cos),
            Unary("Reciprocal", null, a => 1 / a),
            ("Cast", (node, types) => [Cast(node.Constant(0)!, types[0].ElementType)]),
            ("CastLike", (node, types) => [Cast(node.Constant(0)!, types[0].ElementType)]),
        ];

    private static (string OpType, Rule Rule) Binary(
        string opType,
        Func<long, long, long> integers,
        Func<double, double, double>? floats = null
    ) => (opType, (node, types) => [Fold(node, types[0], integers, floats)]);

    private static (string OpType, Rule Rule) Comparison(
        string opType,
        Func<long, long, bool> integers,
        Func<double, double, bool> floats
    ) => (opType, (node, types) => [Fold(node, types[0], (a, b) => integers(a, b) ? 1 : 0, (a, b) => floats(a, b) ? 1 : 0)]);

    private static (string OpType, Rule Rule) Unary(string opType, Func<long, long>? integers, Func<double, double>? floats = null) =>
        (
            opType,
            (node, types) =>
                [
                    node.ElementType(0).IsFloatingPoint && floats is not null
                        ? Numbers.FromDoubles(
                            "",
                            types[0].ElementType,
                            types[0].Shape,
                            Array.ConvertAll(Numbers.ToDoubles(node.Constant(0)!), a => floats(a))
                        )
                    : integers is not null
                        ? Numbers.FromInt64s(
                            "",
                            types[0].ElementType,
                            types[0].Shape,
                            Array.ConvertAll(node.RequiredInts(0), a => integers(a))
                        )
                    : throw node.Malformed($"it is not defined for {node.ElementType(0)}"),
                ]
        );

    private static OnnxTensor[] Mod(LoweringNode node, TensorType[] types)
    {
        bool likeDividend = node.Node.Int("fmod", 0) != 0;
        return [Fold(node, types[0], (a, b) => likeDividend || a % b == 0 || (a < 0) == (b < 0) ? a % b : a % b + b, (a, b) => a % b)];
    }

    /// <summary>Combines all inputs from left to right, broadcast to the shape of the output.</summary>
    private static OnnxTensor Fold(
        LoweringNode node,
        TensorType type,
        Func<long, long, long> integers,
        Func<double, double, double>? floats
    )
    {
        if (node.ElementType(0).IsFloatingPoint)
            return Numbers.FromDoubles(
                "",
                type.ElementType,
                type.Shape,
                Combine(node, type.Shape, Numbers.ToDoubles, floats ?? throw node.Malformed($"it is not defined for {node.ElementType(0)}"))
            );
        try
        {
            return Numbers.FromInt64s("", type.ElementType, type.Shape, Combine(node, type.Shape, t => t.ToInt64s(), integers));
        }
        catch (DivideByZeroException)
        {
            throw node.Malformed("an integer is divided by 0");
        }
    }

    private static T[] Combine<T>(LoweringNode node, long[] shape, Func<OnnxTensor, T[]> read, Func<T, T, T> combine)
    {
        T[] result = Broadcast(node, 0, shape, read);
        for (int input = 1; input < node.InputCount; input++)
        {
            T[] next = Broadcast(node, input, shape, read);
            for (int i = 0; i < result.Length; i++)
                result[i] = combine(result[i], next[i]);
        }
        return result;
    }

    private static T[] Broadcast<T>(LoweringNode node, int input, long[] shape, Func<OnnxTensor, T[]> read)
    {
        T[] values = read(node.Constant(input)!);
        if (node.Shape(input).AsSpan().SequenceEqual(shape))
            return values;
        long[] strides = Coordinates.BroadcastStrides(node.Shape(input), shape.Length);
        return [.. Coordinates.Of(shape).Select(position => values[Coordinates.Offset(position, strides)])];
    }

    private static OnnxTensor Cast(OnnxTensor value, OnnxElementType type)
    {
        if (value.ElementType == type)
            return value;
        long[] shape = [.. value.Shape];
        if (!value.ElementType.IsFloatingPoint)
            return Numbers.FromInt64s("", type, shape, value.ToInt64s());
        return Numbers.FromDoubles("", type, shape, Numbers.ToDoubles(value));
    }
}
