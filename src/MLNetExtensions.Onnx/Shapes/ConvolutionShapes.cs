using MLNetExtensions.Onnx.Operators;
using static MLNetExtensions.Onnx.Shapes.ShapeInference;

namespace MLNetExtensions.Onnx.Shapes;

/// <summary>Convolutions with explicit pads (auto_pad is resolved before).</summary>
internal static class ConvolutionShapes
{
    public static IEnumerable<(string OpType, Rule Rule)> Rules => [("Conv", Conv), ("ConvTranspose", ConvTranspose)];

    private static TensorType[] Conv(LoweringNode node)
    {
        long[] x = node.Shape(0);
        long[] w = node.Shape(1);
        Check(node, x, w);
        long groups = node.Node.Int("group", 1);
        if (w[1] * groups != x[1] || w[0] % groups != 0)
            throw node.Malformed($"{x[1]} channels do not fit a weight of {w[0]} x {w[1]} channels in {groups} group(s)");
        var window = new SlidingWindow(node, w.Length - 2, w[2..]);
        return [new(node.ElementType(0), [x[0], w[0], .. window.OutputSizes(x[2..])])];
    }

    private static TensorType[] ConvTranspose(LoweringNode node)
    {
        long[] x = node.Shape(0);
        long[] w = node.Shape(1);
        Check(node, x, w);
        if (w[0] != x[1])
            throw node.Malformed($"{x[1]} channels do not fit a weight of {w[0]} channels");
        var window = new SlidingWindow(node, w.Length - 2, w[2..]);
        long[] extra = node.Node.Ints("output_padding") ?? new long[w.Length - 2];
        var sizes = new long[w.Length - 2];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = window.Strides[i] * (x[i + 2] - 1) + extra[i] + window.Extent(i) - window.Pads[i] - window.Pads[i + sizes.Length];
        return [new(node.ElementType(0), [x[0], w[1] * node.Node.Int("group", 1), .. sizes])];
    }

    private static void Check(LoweringNode node, long[] x, long[] w)
    {
        if (x.Length < 3 || w.Length != x.Length)
            throw node.Malformed("input and weight need the same rank, at least 3");
    }
}
