using MLNetExtensions.Onnx.Operators;
using static MLNetExtensions.Onnx.Shapes.ShapeInference;

namespace MLNetExtensions.Onnx.Shapes;

/// <summary>GridSample and the grids it reads.</summary>
internal static class SamplingShapes
{
    public static IEnumerable<(string OpType, Rule Rule)> Rules => [("GridSample", GridSample), ("AffineGrid", AffineGrid)];

    private static TensorType[] GridSample(LoweringNode node)
    {
        long[] x = node.Shape(0),
            grid = node.Shape(1);
        if (x.Length < 3 || grid.Length != x.Length || grid[^1] != x.Length - 2)
            throw node.Malformed("the grid must have a dimension for each spatial one of the input, and as its last the coordinates");
        return [new(node.ElementType(0), [x[0], x[1], .. grid[1..^1]])];
    }

    private static TensorType[] AffineGrid(LoweringNode node)
    {
        long[] size = node.RequiredInts(1);
        if (size.Length is not (4 or 5))
            throw node.Malformed($"the size has {size.Length} numbers, expected N, C, H, W or N, C, D, H, W");
        return [new(node.ElementType(0), [size[0], .. size[2..], size.Length - 2])];
    }
}
