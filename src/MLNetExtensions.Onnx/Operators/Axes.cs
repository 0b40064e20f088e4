namespace MLNetExtensions.Onnx.Operators;

/// <summary>ONNX's axes, in which negative ones count from the end.</summary>
internal static class Axes
{
    /// <summary>An axis counted from the front.</summary>
    public static int FromFront(long axis, int rank) => checked((int)(axis < 0 ? axis + rank : axis));

    /// <summary>The node's attribute <c>axis</c> for its first input, counted from the front.</summary>
    public static int Axis(this OpNode op, long whereAbsent) => FromFront(op.Node.Int("axis", whereAbsent), op.InputType(0).Shape.Length);

    /// <summary>The axes over which a Reduce node reduces, counted from the front; empty if it reduces none.</summary>
    public static long[] Reduced(OpNode op)
    {
        int rank = op.InputType(0).Shape.Length;
        long[] axes = op.ConstantInt64s(1) ?? [];
        if (axes.Length > 0)
            return [.. axes.Select(axis => (long)FromFront(axis, rank))];
        return op.Node.Int("noop_with_empty_axes", 0) != 0 ? [] : [.. Enumerable.Range(0, rank).Select(axis => (long)axis)];
    }
}
