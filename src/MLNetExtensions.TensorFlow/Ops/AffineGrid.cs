namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__AffineGrid.html">AffineGrid</see>: the places for GridSample that an affine map makes of
/// a regular grid.
/// </summary>
internal static class AffineGrid
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        long[] size = op.ConstantInt64s(1)!;
        bool alignCorners = op.Node.Int("align_corners", 0) != 0;
        Symbol theta = op.Widen(op.Input(0));
        long[] spatial = size[2..];
        long rows = size[0] * spatial.Length,
            places = Steps.Product(spatial);
        Symbol grid = g.Cast(g.Constant(Regular(spatial, alignCorners), places, spatial.Length + 1), theta.Type);
        Symbol flat = op.Reshape(theta, rows, spatial.Length + 1);
        Symbol moved = op.Step([flat], g.MatMul(flat, grid, transposeB: true), outputs => [g.MatMul(outputs[0]!.Value, grid)]);
        return
        [
            op.Reshape(op.Transpose(op.Reshape(moved, size[0], spatial.Length, places), 0, 2, 1), [size[0], .. spatial, spatial.Length]),
        ];
    }

    /// <summary>The coordinates from -1 to 1 along each dimension, the last one first, and a one.</summary>
    private static float[] Regular(long[] spatial, bool alignCorners)
    {
        int rank = spatial.Length;
        long places = Steps.Product(spatial);
        var grid = new float[places * (rank + 1)];
        for (long place = 0; place < places; place++)
        {
            long rest = place;
            for (int i = rank - 1; i >= 0; i--)
            {
                long at = rest % spatial[i];
                rest /= spatial[i];
                grid[(place * (rank + 1)) + rank - 1 - i] = alignCorners
                    ? spatial[i] == 1
                        ? 0
                        : (2f * at / (spatial[i] - 1)) - 1
                    : (((2f * at) + 1) / spatial[i]) - 1;
            }
            grid[(place * (rank + 1)) + rank] = 1;
        }
        return grid;
    }
}
