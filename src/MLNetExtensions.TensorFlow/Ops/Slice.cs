using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Slice.html">Slice</see> with constant bounds; steps may be negative.</summary>
internal static class Slice
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        SliceRange[] ranges = SliceRange.Of(op);
        Symbol x = op.AnyLayout(0, out bool last);
        long[] size = x.Shape,
            begin = new long[size.Length],
            end = x.Shape,
            steps = [.. size.Select(_ => 1L)];
        long toTheStart = 0;
        foreach ((int axis, long start, long bound, long step) in ranges)
        {
            int place = Steps.Place(axis, size.Length, last);
            (begin[place], end[place], steps[place]) = (start, step > 0 ? Math.Max(start, bound) : Math.Min(start, bound), step);
            size[place] = end[place] - start;
            // -1 would be the last element; the mask leaves the bound out.
            if (step < 0 && bound < 0)
                toTheStart |= 1L << place;
        }
        if (ranges.All(r => r.Step == 1))
            return [new OpResult(op.Crop(x, begin, size), last)];
        Symbol y = op.Derive(
            x,
            v =>
                g.Op("StridedSlice")
                    .Input(v)
                    .Input(g.Int32s(begin))
                    .Input(g.Int32s(end))
                    .Input(g.Int32s(steps))
                    .Set("end_mask", toTheStart)
                    .Output()
        );
        return [new OpResult(y, last)];
    }
}
