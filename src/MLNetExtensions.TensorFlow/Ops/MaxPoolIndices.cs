using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// MaxPool's second output: positions of the maxima in the whole flattened input, with <c>storage_order</c> 1 counted column by column
/// within a plane. Of equal values the first counts.
/// </summary>
internal static class MaxPoolIndices
{
    public static OpResult[] Compile(OpCompilation op, Window window)
    {
        int rank = window.Kernel.Length;
        long storageOrder = op.Node.Int("storage_order", 0);
        if (storageOrder != 0 && rank != 2)
            throw op.Unsupported("storage_order 1 on other than 2 spatial dimensions");
        TensorFlowGraph g = op.Graph;
        Symbol x = op.ChannelsLast(0);
        Symbol[] views = WindowViews.Of(op, x, window, double.NegativeInfinity),
            positions = WindowViews.Of(op, Positions(op, window, storageOrder), window, 0);
        (Symbol largest, Symbol place) = (views[0], positions[0]);
        for (int i = 1; i < views.Length; i++)
        {
            (Symbol before, Symbol next) = (largest, views[i]);
            Symbol isNext = g.Binary("Greater", next, before);
            place = g.Where(isNext, positions[i], place);
            largest = op.Step(
                [before, next],
                g.Where(isNext, next, before),
                outputs =>
                {
                    Symbol dy = outputs[0]!.Value,
                        zero = g.Scalar(0, dy.Type);
                    return [g.Where(isNext, zero, dy), g.Where(isNext, dy, zero)];
                }
            );
        }
        return [new OpResult(largest, true), new OpResult(place, true)];
    }

    /// <summary>Each element's position, in the input's shape with its channels last.</summary>
    private static Symbol Positions(OpCompilation op, Window window, long storageOrder)
    {
        long[] shape = op.InputType(0).Shape;
        long batch = shape[0],
            channels = shape[1],
            plane = window.Input.Aggregate(1L, (product, size) => product * size);
        var values = new long[batch * plane * channels];
        for (long n = 0, at = 0; n < batch; n++)
        {
            for (long p = 0; p < plane; p++)
            {
                long inPlane = storageOrder == 0 ? p : p % window.Input[1] * window.Input[0] + p / window.Input[1];
                for (long c = 0; c < channels; c++)
                    values[at++] = (n * channels + c) * plane + inPlane;
            }
        }
        return op.Graph.Constant(values, [batch, .. window.Input, channels]);
    }
}
