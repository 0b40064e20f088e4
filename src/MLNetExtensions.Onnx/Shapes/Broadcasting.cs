using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Shapes;

/// <summary>NumPy's rule of shapes that fit together: aligned at the last dimension, each pair equal or one of it 1.</summary>
internal static class Broadcasting
{
    public static long[] Shape(LoweringNode node, IEnumerable<int> inputs)
    {
        long[] result = [];
        foreach (int input in inputs)
            result = TryShape(result, node.Shape(input)) ?? throw node.Malformed("the shapes of the inputs do not broadcast");
        return result;
    }

    public static long[]? TryShape(long[] a, long[] b)
    {
        var shape = new long[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= shape.Length; i++)
        {
            long x = i <= a.Length ? a[^i] : 1;
            long y = i <= b.Length ? b[^i] : 1;
            if (x != y && x != 1 && y != 1)
                return null;
            shape[^i] = x == 1 ? y : x;
        }
        return shape;
    }
}
