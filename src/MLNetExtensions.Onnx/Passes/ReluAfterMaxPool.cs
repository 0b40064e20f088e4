namespace MLNetExtensions.Onnx.Passes;

/// <summary>
/// Turns Relu, MaxPool into MaxPool, Relu where nothing else reads what lies between. Values and gradients stay the same (the largest of a
/// window is the same element, and a window without a positive one has no gradient either way), but Relu has only a quarter of the values
/// to do, or fewer.
/// </summary>
internal static class ReluAfterMaxPool
{
    public static OnnxGraph Apply(OnnxGraph graph)
    {
        Dictionary<string, int> reads = graph
            .Nodes.SelectMany(n => n.Inputs)
            .Concat(graph.Outputs.Select(o => o.Name))
            .GroupBy(name => name)
            .ToDictionary(g => g.Key, g => g.Count());
        Dictionary<string, OnnxNode> relus = graph
            .Nodes.Where(n => n is { OpType: "Relu", Domain: "" } && reads.GetValueOrDefault(n.Outputs[0]) == 1)
            .ToDictionary(n => n.Outputs[0]);
        var moved = new HashSet<OnnxNode>(ReferenceEqualityComparer.Instance);
        var nodes = new List<OnnxNode>(graph.Nodes.Count);
        foreach (OnnxNode node in graph.Nodes)
        {
            if (
                node is not { OpType: "MaxPool", Domain: "" }
                || node.HasOutput(1)
                || !relus.TryGetValue(node.Inputs[0], out OnnxNode? relu)
            )
            {
                nodes.Add(node);
                continue;
            }
            // The value between is the pooled one now; its old name would tell a wrong shape.
            string pooled = node.Outputs[0] + "/before_relu";
            nodes.Add(node with { Inputs = relu.Inputs, Outputs = [pooled] });
            nodes.Add(relu with { Inputs = [pooled], Outputs = node.Outputs });
            moved.Add(relu);
        }
        return moved.Count == 0 ? graph : graph with { Nodes = [.. nodes.Where(n => !moved.Contains(n))] };
    }
}
