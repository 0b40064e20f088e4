using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Onnx.Passes;

/// <summary>
/// Turns all floats of a graph into those of 32 bits, in which networks are trained: weights that are stored in 16 or 64 bits, with or
/// without a Cast behind them, and arithmetic. Names stay.
/// </summary>
public static class SingleFloats
{
    /// <summary>Attributes that say a type by its number.</summary>
    private static readonly string[] TypeAttributes = ["to", "dtype"];

    /// <summary>The graph in 32-bit floats; itself where it has no others.</summary>
    /// <param name="graph">The graph; it stays as it is.</param>
    public static OnnxGraph Apply(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (
            !graph.Initializers.Values.Any(IsOther)
            && !graph.Inputs.Any(i => IsOther(i.ElementType))
            && !graph.Nodes.Any(n => Change(n) != n)
        )
            return graph;
        return graph with
        {
            Inputs = [.. graph.Inputs.Select(Change)],
            Outputs = [.. graph.Outputs.Select(Change)],
            ValueInfos = [.. graph.ValueInfos.Select(Change)],
            Nodes = [.. graph.Nodes.Select(Change)],
            Initializers = new OrderedDictionary<string, OnnxTensor>(
                graph.Initializers.Select(i => KeyValuePair.Create(i.Key, Change(i.Value)))
            ),
        };
    }

    private static bool IsOther(OnnxElementType type) => type.IsFloatingPoint && type != OnnxElementType.Float;

    private static bool IsOther(OnnxTensor tensor) => IsOther(tensor.ElementType);

    private static OnnxValue Change(OnnxValue value) =>
        IsOther(value.ElementType) ? value with { ElementType = OnnxElementType.Float } : value;

    private static OnnxTensor Change(OnnxTensor tensor) =>
        IsOther(tensor) ? OnnxTensor.FromFloats(tensor.Name, [.. tensor.Shape], tensor.ToFloats()) : tensor;

    private static OnnxNode Change(OnnxNode node)
    {
        foreach (OnnxAttribute attribute in node.Attributes.Values)
        {
            if (attribute.Value is OnnxTensor tensor && IsOther(tensor))
                node = node.With(OnnxAttribute.Of(attribute.Name, Change(tensor)));
            else if (attribute.Value is long number && TypeAttributes.Contains(attribute.Name) && IsOther(ElementTypes.Of(number)))
                node = node.With(OnnxAttribute.Of(attribute.Name, (long)OnnxElementType.Float));
        }
        return node;
    }
}
