using MLNetExtensions.Onnx.Operators;
using static MLNetExtensions.Onnx.Shapes.ShapeInference;

namespace MLNetExtensions.Onnx.Shapes;

/// <summary>Operators that reduce some dimensions to one element.</summary>
internal static class ReductionShapes
{
    public static IEnumerable<(string OpType, Rule Rule)> Rules =>
        [
            .. OperatorTable
                .Names(o => o.Shape == OutputShape.ReducedShape)
                .Select(op => (op, (Rule)(node => [new(node.ElementType(0), Reduce(node))]))),
            ("ArgMax", ArgMax),
            ("ArgMin", ArgMax),
            ("TopK", TopK),
        ];

    /// <summary>The axes that a Reduce node reduces, counted from the front, in order.</summary>
    public static int[] Axes(LoweringNode node)
    {
        int rank = node.Rank(0);
        long[] axes = node.Ints(1) ?? [];
        if (axes.Length == 0)
            return node.Node.Int("noop_with_empty_axes", 0) != 0 ? [] : [.. Enumerable.Range(0, rank)];
        return [.. axes.Select(a => node.Axis(a, rank)).Distinct().Order()];
    }

    private static long[] Reduce(LoweringNode node) => Without(node.Shape(0), Axes(node), node.Node.Int("keepdims", 1) != 0);

    private static long[] Without(long[] shape, int[] axes, bool keepDimensions) =>
        keepDimensions
            ? [.. shape.Select((size, axis) => axes.Contains(axis) ? 1 : size)]
            : [.. shape.Where((_, axis) => !axes.Contains(axis))];

    private static TensorType[] ArgMax(LoweringNode node)
    {
        int axis = node.Axis(node.Node.Int("axis", 0), node.Rank(0));
        return [new(OnnxElementType.Int64, Without(node.Shape(0), [axis], node.Node.Int("keepdims", 1) != 0))];
    }

    private static TensorType[] TopK(LoweringNode node)
    {
        long[] shape = [.. node.Shape(0)];
        shape[node.Axis(node.Node.Int("axis", -1), shape.Length)] = node.RequiredInts(1)[0];
        return [new(node.ElementType(0), shape), new(OnnxElementType.Int64, shape)];
    }
}
