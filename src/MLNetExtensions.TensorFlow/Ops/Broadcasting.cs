namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>Gradients of broadcast operands with static shapes.</summary>
internal static class Broadcasting
{
    /// <summary>The gradient of an operand of the given shape: summed over the axes it was repeated along.</summary>
    public static Symbol SumTo(this TensorFlowGraph graph, Symbol gradient, long[] shape)
    {
        long[] from = gradient.Shape;
        if (from.AsSpan().SequenceEqual(shape))
            return gradient;
        int added = from.Length - shape.Length;
        long[] axes =
        [
            .. Enumerable
                .Range(0, from.Length)
                .Where(axis => axis < added || (shape[axis - added] == 1 && from[axis] != 1))
                .Select(axis => (long)axis),
        ];
        return graph.Reshape(axes.Length == 0 ? gradient : graph.Sum(gradient, axes), shape);
    }
}
