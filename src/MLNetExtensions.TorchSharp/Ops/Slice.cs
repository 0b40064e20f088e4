using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary><see href="https://onnx.ai/onnx/operators/onnx__Slice.html">Slice</see> with constant bounds; steps may be negative.</summary>
internal static class Slice
{
    public static OpKernel Compile(OpCompilation op)
    {
        long[] shape = op.InputType(0).Shape;
        SliceRange[] ranges = SliceRange.Of(op);
        return (inputs, _) =>
        {
            Tensor y = inputs[0]!.alias();
            foreach ((int axis, long start, long end, long step) in ranges)
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
}
