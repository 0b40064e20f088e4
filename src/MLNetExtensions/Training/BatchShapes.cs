using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training;

/// <summary>The shapes of a batch's inputs and targets.</summary>
internal static class BatchShapes
{
    /// <summary>The input's shape for a batch: the stated sizes, the batch first; one unknown size follows from the number of values.</summary>
    public static long[] Of(OnnxValue input, int batchSize, long values)
    {
        if (input.Shape is not { Count: > 0 })
            throw new ArgumentException($"Graph input '{input.Name}' states no shape; give it one.");
        long[] shape = [.. input.Shape.Select((d, axis) => axis == 0 ? batchSize : d.Size ?? -1)];
        int unknown = Array.IndexOf(shape, -1);
        if (unknown >= 0)
        {
            if (Array.IndexOf(shape, -1, unknown + 1) >= 0)
                throw new ArgumentException($"Graph input {input} has more than one unknown size beside the batch; give it sizes.");
            shape[unknown] = 1;
            long others = shape.Aggregate(1L, (product, size) => product * size);
            shape[unknown] = others > 0 ? values / others : 0;
        }
        long count = shape.Aggregate(1L, (product, size) => product * size);
        return count == values
            ? shape
            : throw new ArgumentException($"Graph input {input}: a batch of {batchSize} rows needs {count} values, the buffer holds {values}.");
    }

    /// <summary>The shape of what a loss compares an output with.</summary>
    public static long[] OfTargets(long[] outputShape, Losses.Loss loss)
    {
        if (outputShape.Length == 0)
            return outputShape;
        int width = (int)outputShape[^1], targetWidth = loss.TargetWidth(width);
        return targetWidth == width ? outputShape : [.. outputShape[..^1], targetWidth];
    }
}
