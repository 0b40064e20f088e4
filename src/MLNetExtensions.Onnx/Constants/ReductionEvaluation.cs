using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Shapes;
using MLNetExtensions.Onnx.Tensors;
using static MLNetExtensions.Onnx.Constants.ConstantEvaluation;

namespace MLNetExtensions.Onnx.Constants;

/// <summary>Sums, products and extremes of known values.</summary>
internal static class ReductionEvaluation
{
    public static IEnumerable<(string OpType, Rule Rule)> Rules =>
        [
            Reduction("ReduceSum", 0, (a, b) => unchecked(a + b), 0, (a, b) => a + b),
            Reduction("ReduceProd", 1, (a, b) => unchecked(a * b), 1, (a, b) => a * b),
            Reduction("ReduceMax", long.MinValue, Math.Max, double.NegativeInfinity, Math.Max),
            Reduction("ReduceMin", long.MaxValue, Math.Min, double.PositiveInfinity, Math.Min),
        ];

    private static (string OpType, Rule Rule) Reduction(
        string opType,
        long integerStart,
        Func<long, long, long> integers,
        double floatStart,
        Func<double, double, double> floats
    ) =>
        (
            opType,
            (node, types) =>
                [
                    node.ElementType(0).IsFloatingPoint
                        ? Numbers.FromDoubles(
                            "",
                            types[0].ElementType,
                            types[0].Shape,
                            Reduce(node, Numbers.ToDoubles(node.Constant(0)!), floatStart, floats)
                        )
                        : Numbers.FromInt64s(
                            "",
                            types[0].ElementType,
                            types[0].Shape,
                            Reduce(node, node.RequiredInts(0), integerStart, integers)
                        ),
                ]
        );

    private static T[] Reduce<T>(LoweringNode node, T[] values, T start, Func<T, T, T> combine)
    {
        int[] axes = ReductionShapes.Axes(node);
        long[] kept = [.. node.Shape(0).Select((size, axis) => axes.Contains(axis) ? 1 : size)];
        long[] strides = Coordinates.BroadcastStrides(kept, kept.Length);
        var result = new T[kept.Aggregate(1L, (product, size) => product * size)];
        Array.Fill(result, start);
        int read = 0;
        foreach (long[] position in Coordinates.Of(node.Shape(0)))
        {
            ref T element = ref result[Coordinates.Offset(position, strides)];
            element = combine(element, values[read++]);
        }
        return result;
    }
}
