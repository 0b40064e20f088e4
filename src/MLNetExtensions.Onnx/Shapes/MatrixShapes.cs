using MLNetExtensions.Onnx.Operators;
using static MLNetExtensions.Onnx.Shapes.ShapeInference;

namespace MLNetExtensions.Onnx.Shapes;

/// <summary>Matrix products.</summary>
internal static class MatrixShapes
{
    public static IEnumerable<(string OpType, Rule Rule)> Rules => [("MatMul", MatMul), ("Gemm", Gemm), ("Einsum", Einsum)];

    private static TensorType[] MatMul(LoweringNode node)
    {
        long[] a = node.Shape(0);
        long[] b = node.Shape(1);
        if (a.Length == 0 || b.Length == 0)
            throw node.Malformed("a scalar cannot be multiplied as a matrix");
        bool vectorA = a.Length == 1,
            vectorB = b.Length == 1;
        if (vectorA)
            a = [1, .. a];
        if (vectorB)
            b = [.. b, 1];
        if (a[^1] != b[^2])
            throw node.Malformed("the inner dimensions of the matrices differ");
        long[] batch = Broadcasting.TryShape(a[..^2], b[..^2]) ?? throw node.Malformed("the batch dimensions do not broadcast");
        return [new(node.ElementType(0), [.. batch, .. vectorA ? [] : new[] { a[^2] }, .. vectorB ? [] : new[] { b[^1] }])];
    }

    private static TensorType[] Gemm(LoweringNode node)
    {
        long[] a = node.Shape(0);
        long[] b = node.Shape(1);
        if (a.Length != 2 || b.Length != 2)
            throw node.Malformed("A and B must be matrices");
        (long rows, long innerA) = node.Node.Int("transA", 0) != 0 ? (a[1], a[0]) : (a[0], a[1]);
        (long innerB, long columns) = node.Node.Int("transB", 0) != 0 ? (b[1], b[0]) : (b[0], b[1]);
        if (innerA != innerB)
            throw node.Malformed("the inner dimensions of the matrices differ");
        return [new(node.ElementType(0), [rows, columns])];
    }

    private static TensorType[] Einsum(LoweringNode node)
    {
        string equation = node.Node.String("equation", "").Replace(" ", "", StringComparison.Ordinal);
        string[] sides = equation.Split("->");
        string[] terms = sides[0].Split(',');
        var sizes = new SortedDictionary<char, long>();
        long[] ellipsis = [];
        for (int i = 0; i < terms.Length; i++)
        {
            long[] shape = node.Shape(i);
            if (terms[i].IndexOf("...", StringComparison.Ordinal) is int at and >= 0)
            {
                int covered = Math.Max(0, shape.Length - (terms[i].Length - 3));
                ellipsis =
                    Broadcasting.TryShape(ellipsis, shape[at..(at + covered)])
                    ?? throw node.Malformed("the dimensions of '...' do not broadcast");
                shape = [.. shape[..at], .. shape[(at + covered)..]];
                terms[i] = terms[i].Remove(at, 3);
            }
            if (shape.Length != terms[i].Length)
                throw node.Malformed($"the equation's term '{terms[i]}' does not fit input {i}");
            for (int d = 0; d < shape.Length; d++)
                if (!sizes.TryAdd(terms[i][d], shape[d]) && sizes[terms[i][d]] != shape[d])
                    throw node.Malformed($"the sizes of '{terms[i][d]}' differ");
        }
        // Without an arrow the output has the dimensions of '...', then the letters that occur once, in alphabetical order.
        string output = sides.Length > 1 ? sides[1] : "..." + string.Concat(sizes.Keys.Where(c => sides[0].Count(l => l == c) == 1));
        int place = output.IndexOf("...", StringComparison.Ordinal);
        if (place < 0)
            return [new(node.ElementType(0), [.. output.Select(c => sizes[c])])];
        return
        [
            new(
                node.ElementType(0),
                [.. output[..place].Select(c => sizes[c]), .. ellipsis, .. output[(place + 3)..].Select(c => sizes[c])]
            ),
        ];
    }
}
