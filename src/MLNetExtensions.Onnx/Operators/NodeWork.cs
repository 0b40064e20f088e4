namespace MLNetExtensions.Onnx.Operators;

/// <summary>An estimate of a node's time, good enough to cut a network into parts of about the same time.</summary>
internal static class NodeWork
{
    /// <summary>The multiplications that take as long as a value's way to memory and back.</summary>
    private const double Value = 32;

    /// <summary>The node's work, in multiplications of about 0.1 ns.</summary>
    /// <param name="node">The node.</param>
    /// <param name="lowered">Its graph.</param>
    public static double Of(OnnxNode node, LoweredGraph lowered)
    {
        double values = node.Outputs.Concat(node.Inputs.Take(1)).Sum(Count);
        double multiplications = node.OpType switch
        {
            "Conv" => Count(node.Outputs[0]) * Each(node.Inputs[1]),
            "ConvTranspose" => Count(node.Inputs[0]) * Each(node.Inputs[1]),
            "MatMul" or "Gemm" => Count(node.Outputs[0]) * Shape(node.Inputs[0]).LastOrDefault(1),
            _ => 0,
        };
        return (Value * values) + multiplications;

        double Count(string name) => Shape(name).Aggregate(1.0, (product, size) => product * size);
        // A weight's part for one of its first dimension.
        double Each(string name) => Shape(name).Skip(1).Aggregate(1.0, (product, size) => product * size);
        long[] Shape(string name) => lowered.Types.TryGetValue(name, out TensorType? type) ? type.Shape : [0];
    }
}
