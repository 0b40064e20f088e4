namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>ONNX's index conventions, in which negative ones count from the end, brought to TensorFlow's.</summary>
internal static class Indices
{
    /// <summary>Indices into a dimension as 64-bit integers counted from the start.</summary>
    public static Symbol FromStart(TensorFlowGraph g, Symbol index, long size)
    {
        Symbol wide = g.Cast(index, DataType.Int64);
        return g.Where(g.Binary("Less", wide, g.Scalar(0, DataType.Int64)), wide + g.Scalar(size, DataType.Int64), wide);
    }

    /// <summary>The numbers 0, step, 2 step, ... along one of some dimensions, the others of size 1.</summary>
    public static Symbol Counting(TensorFlowGraph g, int rank, int axis, long size, long step = 1) =>
        g.Constant([.. Enumerable.Range(0, (int)size).Select(i => i * step)], Steps.Along(rank, axis, size));

    /// <summary>
    /// Index tuples (the last dimension of <paramref name="tuples"/>) as positions in the flattened leading dimensions of a tensor of the
    /// given shape.
    /// </summary>
    /// <param name="g">The graph.</param>
    /// <param name="tuples">[batch..., ..., depth]</param>
    /// <param name="shape">The indexed tensor's shape.</param>
    /// <param name="batch">The number of leading dimensions that both share and the tuples do not name.</param>
    public static Symbol Flat(TensorFlowGraph g, Symbol tuples, long[] shape, int batch)
    {
        long[] places = tuples.Shape[..^1];
        int depth = (int)tuples.Shape[^1];
        Symbol flat = g.Zeros(DataType.Int64, places);
        for (int axis = 0; axis < batch + depth; axis++)
        {
            Symbol along =
                axis < batch
                    ? Counting(g, places.Length, axis, shape[axis])
                    : FromStart(g, g.Reshape(g.Narrow(tuples, places.Length, axis - batch, 1), places), shape[axis]);
            flat = flat * g.Scalar(shape[axis], DataType.Int64) + along;
        }
        return g.Reshape(flat, Steps.Product(places));
    }

    /// <summary>Positions along an axis, one for each element, as positions in the flattened tensor of the given shape.</summary>
    public static Symbol FlatAlong(TensorFlowGraph g, Symbol positions, long[] shape, int axis)
    {
        long[] places = positions.Shape;
        Symbol flat = positions * g.Scalar(Steps.Product(shape.AsSpan(axis + 1)), DataType.Int64);
        for (int other = 0; other < places.Length; other++)
            if (other != axis)
                flat += Counting(g, places.Length, other, places[other], Steps.Product(shape.AsSpan(other + 1)));
        return g.Reshape(flat, Steps.Product(places));
    }

    /// <summary>A shape with its first <paramref name="depth"/> dimensions made one and the others another.</summary>
    public static long[] Table(long[] shape, long depth) =>
        [Steps.Product(shape.AsSpan(0, (int)depth)), Steps.Product(shape.AsSpan((int)depth))];
}
