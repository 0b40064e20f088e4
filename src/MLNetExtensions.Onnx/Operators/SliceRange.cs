namespace MLNetExtensions.Onnx.Operators;

/// <summary>The elements that a Slice with constant bounds takes from one axis.</summary>
/// <param name="Axis">The axis, counted from the front.</param>
/// <param name="Start">The first element.</param>
/// <param name="End">The bound it does not reach; -1 for a negative step that goes through the first element.</param>
/// <param name="Step">The distance between elements; may be negative.</param>
internal readonly record struct SliceRange(int Axis, long Start, long End, long Step)
{
    /// <summary>The axes that do not stay whole.</summary>
    public static SliceRange[] Of(OpNode op)
    {
        long[] shape = op.InputType(0).Shape;
        long[] starts = op.ConstantInt64s(1)!,
            ends = op.ConstantInt64s(2)!;
        long[] axes = op.ConstantInt64s(3) ?? [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        long[] steps = op.ConstantInt64s(4) ?? [.. Enumerable.Repeat(1L, starts.Length)];
        var ranges = new List<SliceRange>();
        for (int i = 0; i < starts.Length; i++)
        {
            int axis = Axes.FromFront(axes[i], shape.Length);
            (long start, long end) = Clamp(starts[i], ends[i], steps[i], shape[axis]);
            if (start != 0 || end != shape[axis] || steps[i] != 1)
                ranges.Add(new SliceRange(axis, start, end, steps[i]));
        }
        return [.. ranges];
    }

    private static (long Start, long End) Clamp(long start, long end, long step, long size)
    {
        if (start < 0)
            start += size;
        if (end < 0)
            end += size;
        return step > 0
            ? (Math.Clamp(start, 0, size), Math.Clamp(end, 0, size))
            : (Math.Clamp(start, -1, size - 1), Math.Clamp(end, -1, size - 1));
    }
}
