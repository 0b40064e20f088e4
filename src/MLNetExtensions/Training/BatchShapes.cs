using MLNetExtensions.Onnx;
using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.Training;

/// <summary>The shapes of a batch's inputs and targets.</summary>
internal static class BatchShapes
{
    /// <summary>The shapes of a batch's inputs.</summary>
    /// <exception cref="ArgumentException">The batch has no rows, or other inputs than the graph.</exception>
    public static long[][] Of(OnnxGraph graph, TrainingBatch batch)
    {
        if (batch.Inputs.Count != graph.Inputs.Count)
            throw new ArgumentException($"The batch has {batch.Inputs.Count} inputs; the graph has {graph.Inputs.Count}.", nameof(batch));
        ArgumentOutOfRangeException.ThrowIfLessThan(batch.Count, 1, nameof(batch));
        var shapes = new long[batch.Inputs.Count][];
        for (int i = 0; i < shapes.Length; i++)
            shapes[i] = Of(graph.Inputs[i], batch.Count, batch.Inputs[i].Length);
        return shapes;
    }

    /// <summary>Checks the number of targets.</summary>
    /// <exception cref="ArgumentException">It is another.</exception>
    public static void CheckTargets(OnnxGraph graph, TrainingBatch batch, long needed)
    {
        if (batch.Targets.Length != needed)
            throw new ArgumentException(
                $"The batch has {batch.Targets.Length} target values; {batch.Count} rows of '{graph.Outputs[0].Name}' need {needed}.",
                nameof(batch)
            );
    }

    /// <summary>Checks the room for an answer.</summary>
    /// <exception cref="ArgumentException">It is another than the answer's.</exception>
    public static void CheckOutput(TrainingBatch batch, Span<float> output, long given)
    {
        if (output.Length != given)
            throw new ArgumentException(
                $"The output buffer holds {output.Length} values; a batch of {batch.Count} rows gives {given}.",
                nameof(output)
            );
    }

    /// <summary>
    /// The input's shape for a batch: the stated sizes, the batch first; one unknown size follows from the number of values.
    /// </summary>
    private static long[] Of(OnnxValue input, int batchSize, long values)
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
            : throw new ArgumentException(
                $"Graph input {input}: a batch of {batchSize} rows needs {count} values, the buffer holds {values}."
            );
    }

    /// <summary>The number of outputs of a row, for a loss that takes rows of outputs.</summary>
    /// <exception cref="ArgumentException">The output has other dimensions.</exception>
    public static int WidthOf(long[] outputShape, Loss loss) =>
        outputShape is [_, var width]
            ? (int)width
            : throw new ArgumentException(
                $"{loss} takes outputs of shape [batch, n]; the network's first output has shape [{string.Join(", ", outputShape)}].",
                nameof(outputShape)
            );

    /// <summary>The shape of what a loss compares an output with.</summary>
    public static long[] OfTargets(long[] outputShape, Loss loss)
    {
        if (loss is OnnxLoss)
            return [outputShape[0], loss.TargetWidth(WidthOf(outputShape, loss))];
        if (outputShape.Length == 0)
            return outputShape;
        int width = (int)outputShape[^1],
            targetWidth = loss.TargetWidth(width);
        return targetWidth == width ? outputShape : [.. outputShape[..^1], targetWidth];
    }
}
