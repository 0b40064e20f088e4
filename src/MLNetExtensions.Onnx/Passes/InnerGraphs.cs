using MLNetExtensions.Onnx.Proto;

namespace MLNetExtensions.Onnx.Passes;

/// <summary>The graphs inside If, Loop and Scan, which read values of the graph around them by name.</summary>
internal static class InnerGraphs
{
    /// <summary>The values a node reads: its inputs, and the outer values that its subgraphs read.</summary>
    public static IEnumerable<string> Reads(OnnxNode node)
    {
        if (node.Attributes.Values.All(a => a.Proto.G is null && a.Proto.Graphs.Count == 0))
            return node.Inputs;
        var read = new HashSet<string>(node.Inputs);
        foreach (OnnxAttribute attribute in node.Attributes.Values)
            RemoveUnused.AddCaptured(attribute.Proto, read);
        return read;
    }

    /// <summary>A copy of an attribute whose graph reads values under other names.</summary>
    public static OnnxAttribute Rename(OnnxAttribute attribute, IReadOnlyDictionary<string, string> names)
    {
        if (attribute.Proto.G is null)
            return attribute;
        AttributeProto copy = attribute.Proto.Clone();
        Rename(copy.G, names);
        return new OnnxAttribute(copy);
    }

    private static void Rename(GraphProto graph, IReadOnlyDictionary<string, string> names)
    {
        foreach (NodeProto node in graph.Node)
        {
            for (int i = 0; i < node.Input.Count; i++)
                node.Input[i] = names.GetValueOrDefault(node.Input[i], node.Input[i]);
            foreach (AttributeProto attribute in node.Attribute)
                if (attribute.G is not null)
                    Rename(attribute.G, names);
        }
        foreach (ValueInfoProto output in graph.Output)
            output.Name = names.GetValueOrDefault(output.Name, output.Name);
    }
}
