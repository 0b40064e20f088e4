namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Slice.html">Slice</see> with constant bounds; steps may be negative.</summary>
internal static class Slice
{
    public static OpKernel Compile(OpCompilation op)
    {
        long[] shape = op.InputType(0).Shape;
        long[] starts = op.ConstantInt64s(1)!, ends = op.ConstantInt64s(2)!;
        long[] axes = op.ConstantInt64s(3) ?? [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        long[] steps = op.ConstantInt64s(4) ?? [.. Enumerable.Repeat(1L, starts.Length)];
        var ranges = new List<(long Axis, long Start, long End, long Step)>();
        for (int i = 0; i < starts.Length; i++)
        {
            long axis = axes[i] < 0 ? axes[i] + shape.Length : axes[i], size = shape[axis];
            (long start, long end) = Clamp(starts[i], ends[i], steps[i], size);
            if (start != 0 || end != size || steps[i] != 1)
                ranges.Add((axis, start, end, steps[i]));
        }

        return (inputs, _) =>
        {
            Tensor y = inputs[0]!.alias();
            foreach ((long axis, long start, long end, long step) in ranges)
            {
                using Tensor previous = y;
                if (step > 0)
                {
                    y = previous.slice(axis, start, Math.Max(start, end), step);
                }
                else
                {
                    // libtorch has no negative steps: walk forward through the flipped dimension.
                    long last = shape[axis] - 1;
                    using Tensor flipped = previous.flip(axis);
                    y = flipped.slice(axis, last - start, Math.Max(last - start, last - end), -step);
                }
            }
            return [y];
        };
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
