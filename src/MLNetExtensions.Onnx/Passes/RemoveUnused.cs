using MLNetExtensions.Onnx.Proto;

namespace MLNetExtensions.Onnx.Passes;

/// <summary>Removes the nodes and initializers that no output of the graph needs. Inputs are kept.</summary>
public static class RemoveUnused
{
    /// <summary>The graph without them.</summary>
    public static OnnxGraph Apply(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var needed = graph.Outputs.Select(o => o.Name).ToHashSet();
        var kept = new List<OnnxNode>(graph.Nodes.Count);
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            OnnxNode node = graph.Nodes[i];
            if (!node.Outputs.Any(o => o.Length > 0 && needed.Contains(o)))
                continue;
            kept.Add(node);
            needed.UnionWith(node.Inputs);
            foreach (OnnxAttribute attribute in node.Attributes.Values)
                AddCaptured(attribute.Proto, needed);
        }
        kept.Reverse();

        var initializers = new OrderedDictionary<string, OnnxTensor>();
        foreach ((string name, OnnxTensor tensor) in graph.Initializers)
            if (needed.Contains(name))
                initializers.Add(name, tensor);

        var known = kept.SelectMany(n => n.Outputs).Concat(graph.Inputs.Select(i => i.Name)).ToHashSet();
        return graph with
        {
            Nodes = kept,
            Initializers = initializers,
            ValueInfos = [.. graph.ValueInfos.Where(v => known.Contains(v.Name))],
        };
    }

    // The body of an If or Loop reads values of the graph around it by name.
    internal static void AddCaptured(AttributeProto attribute, HashSet<string> needed)
    {
        foreach (GraphProto body in attribute.Graphs.Append(attribute.G).Where(g => g is not null))
        {
            needed.UnionWith(body.Output.Select(o => o.Name));
            foreach (NodeProto node in body.Node)
            {
                needed.UnionWith(node.Input);
                foreach (AttributeProto inner in node.Attribute)
                    AddCaptured(inner, needed);
            }
        }
    }
}
