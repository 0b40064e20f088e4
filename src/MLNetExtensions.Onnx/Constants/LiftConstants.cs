using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Onnx.Constants;

/// <summary>
/// Turns constant nodes into initializers named after their output: <c>Constant</c> nodes, and <c>ConstantOfShape</c> nodes whose shape is
/// a constant. Some files (Paddle's, the model zoo's light ones) store all their weights like that. Float constants that cannot be weights
/// stay nodes, so that every float initializer with dimensions remains a candidate parameter: those of one element (<c>x / 2.0</c>),
/// those filled with one value (the scale of a GroupNorm exported as InstanceNormalization), and a recurrent layer's zero state.
/// </summary>
internal static class LiftConstants
{
    // A little more than VGG-19 has, the largest network of the model zoo without weights.
    private const long MaxDescribed = 640 << 20;

    /// <exception cref="OnnxFormatException">A node holds no constant, or nodes make more than can be.</exception>
    public static OnnxGraph Apply(OnnxGraph graph)
    {
        var initializers = new OrderedDictionary<string, OnnxTensor>();
        foreach ((string name, OnnxTensor tensor) in graph.Initializers)
            initializers.Add(name, tensor);
        HashSet<string> fillers = Fillers(graph);
        long described = initializers.Values.Where(t => !t.IsStored).Sum(t => (long)t.RawData.Length);

        var nodes = new List<OnnxNode>(graph.Nodes.Count);
        foreach (OnnxNode node in graph.Nodes)
        {
            OnnxTensor? lifted = Lift(node, initializers, fillers);
            if (lifted is null)
            {
                nodes.Add(node);
                continue;
            }
            described += lifted.IsStored ? 0 : lifted.RawData.Length;
            if (described > MaxDescribed)
                throw new OnnxFormatException(
                    $"The graph '{graph.Name}': node {node.Describe()} makes a constant {lifted}, with which its nodes make over "
                        + $"{MaxDescribed >> 20} MB of constants."
                );
            initializers.Add(lifted.Name, lifted);
        }
        return nodes.Count == graph.Nodes.Count ? graph : graph with { Nodes = nodes, Initializers = initializers };
    }

    private static OnnxTensor? Lift(OnnxNode node, OrderedDictionary<string, OnnxTensor> initializers, HashSet<string> fillers)
    {
        if (node.Domain.Length > 0)
            return null;
        if (node.OpType == "Constant")
        {
            OnnxTensor value = ConstantNode.Read(node);
            return !value.ElementType.IsFloatingPoint || (value.Count > 1 && !(fillers.Contains(value.Name) && IsFilled(value)))
                ? value
                : null;
        }
        if (node.OpType == "ConstantOfShape" && initializers.TryGetValue(node.Inputs[0], out OnnxTensor? shape))
        {
            bool isFloat = node.Tensor("value")?.ElementType.IsFloatingPoint ?? true;
            if (shape.Count > OnnxTensor.MaxDimensions)
                throw new OnnxFormatException($"Node {node.Describe()}: its shape {shape} has more dimensions than a tensor can have.");
            OnnxTensor filled = FilledTensor.Of(node, shape.ToInt64s());
            if (!isFloat || (filled.Count > 1 && !fillers.Contains(filled.Name)))
                return filled;
        }
        return null;
    }

    private static bool IsFilled(OnnxTensor tensor)
    {
        ReadOnlySpan<byte> bytes = tensor.RawData.Span;
        int size = OnnxTensor.SizeOf(tensor.ElementType);
        // Each element equals its left neighbor.
        return bytes[size..].SequenceEqual(bytes[..^size]);
    }

    /// <summary>Values that exporters fill with one number where a layer has nothing of its own to put there.</summary>
    private static HashSet<string> Fillers(OnnxGraph graph) =>
        [
            .. graph.Nodes.SelectMany(n =>
                n.OpType switch
                {
                    "LSTM" or "GRU" or "RNN" => n.Inputs.Skip(5).Take(2),
                    "InstanceNormalization" => n.Inputs.Skip(1),
                    _ => [],
                }
            ),
        ];
}
