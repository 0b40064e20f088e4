namespace MLNetExtensions.Onnx.Passes;

/// <summary>Removes nodes that have no effect in inference: Identity, and Dropout (which drops in training only).</summary>
public static class EliminateIdentity
{
    /// <summary>The graph without them.</summary>
    public static OnnxGraph Apply(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var index = new GraphIndex(graph);
        var aliases = new Dictionary<string, string>();
        var nodes = new List<OnnxNode>(graph.Nodes.Count);
        foreach (OnnxNode node in graph.Nodes)
        {
            OnnxNode resolved = node.Inputs.Any(aliases.ContainsKey)
                ? node with
                {
                    Inputs = [.. node.Inputs.Select(i => aliases.GetValueOrDefault(i, i))],
                }
                : node;
            // An output's name must stay, and so must the node that gives it to another value.
            if (IsInert(node, index) && !index.IsKept(node.Outputs[0]))
                aliases[node.Outputs[0]] = resolved.Inputs[0];
            else
                nodes.Add(resolved);
        }
        return aliases.Count == 0
            ? graph
            : graph with
            {
                Nodes = nodes,
                ValueInfos = [.. graph.ValueInfos.Where(v => !aliases.ContainsKey(v.Name))],
            };
    }

    private static bool IsInert(OnnxNode node, GraphIndex index)
    {
        if (node.Domain.Length > 0)
            return false;
        if (node.OpType == "Identity")
            return true;
        bool masked = node.HasOutput(1) && (index.IsKept(node.Outputs[1]) || index.Readers(node.Outputs[1]).Count > 0);
        bool trains = node.HasInput(2) && index.Constant(node, 2)?.ToInt64s() is not [0];
        return node.OpType == "Dropout" && !masked && !trains;
    }
}
