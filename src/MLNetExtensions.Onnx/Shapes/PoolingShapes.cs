using MLNetExtensions.Onnx.Operators;
using static MLNetExtensions.Onnx.Shapes.ShapeInference;

namespace MLNetExtensions.Onnx.Shapes;

/// <summary>Pooling with explicit pads (auto_pad is resolved before).</summary>
internal static class PoolingShapes
{
    public static IEnumerable<(string OpType, Rule Rule)> Rules =>
        [
            ("AveragePool", Pool),
            ("LpPool", Pool),
            ("MaxPool", Pool),
            ("GlobalAveragePool", GlobalPool),
            ("GlobalLpPool", GlobalPool),
            ("GlobalMaxPool", GlobalPool),
        ];

    private static TensorType[] Pool(LoweringNode node)
    {
        long[] x = Images(node);
        long[] shape = [.. x[..2], .. new SlidingWindow(node, x.Length - 2).OutputSizes(x.AsSpan(2))];
        return [new(node.ElementType(0), shape), new(OnnxElementType.Int64, shape)];
    }

    private static TensorType[] GlobalPool(LoweringNode node)
    {
        long[] x = Images(node);
        return [new(node.ElementType(0), [.. x.Select((size, axis) => axis < 2 ? size : 1)])];
    }

    private static long[] Images(LoweringNode node) =>
        node.Rank(0) >= 3 ? node.Shape(0) : throw node.Malformed("the input needs a batch, a channel and at least one more dimension");
}
