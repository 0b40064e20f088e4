namespace MLNetExtensions.Onnx.Passes;

/// <summary>
/// Turns a BatchNormalization that normalises by its batch into one that uses its running statistics. Exports made in training mode hold such nodes (<c>training_mode = 1</c>, or before opset 14 outputs
/// beside the first), and each row's answer then depends on the rows beside it. For models that score or are compressed.
/// </summary>
public static class BatchNormInference
{
    /// <summary>The graph with running statistics in their place. A node whose batch statistics are read by others (opset 13 and older) stays.</summary>
    public static OnnxGraph Apply(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var index = new GraphIndex(graph);
        HashSet<OnnxNode> found = new(Find(graph, index), ReferenceEqualityComparer.Instance);
        return found.Count == 0 ? graph : graph with { Nodes = [.. graph.Nodes.SelectMany(n => found.Contains(n) ? ForInference(n, index) : [n])] };
    }

    /// <summary>What to tell the user of the nodes that <see cref="Apply"/> changes; null where there are none.</summary>
    internal static string? Warning(OnnxGraph graph)
    {
        string[] names = [.. Find(graph, new GraphIndex(graph)).Select(n => n.Label)];
        return names.Length == 0 ? null
            : $"The graph '{graph.Name}' was exported in training mode: {names.Length} BatchNormalization {(names.Length == 1 ? "node normalises" : "nodes normalise")} by the batch "
            + $"({string.Join(", ", names.Take(5))}{(names.Length > 5 ? ", ..." : "")}), so that an answer would depend on the other rows. Their running statistics are used instead. Export it in inference mode.";
    }

    private static IEnumerable<OnnxNode> Find(OnnxGraph graph, GraphIndex index) =>
        graph.Nodes.Where(n => IsTraining(n, graph.Opset) && !n.Outputs.Skip(3).Any(o => IsRead(o, index)));

    private static bool IsRead(string output, GraphIndex index) => output.Length > 0 && (index.IsKept(output) || index.Readers(output).Count > 0);

    private static bool IsTraining(OnnxNode node, int opset) => node is { OpType: "BatchNormalization", Domain: "" }
        && (opset >= 14 ? node.Int("training_mode", 0) != 0 : Enumerable.Range(1, 4).Any(node.HasOutput));

    /// <summary>The node, and its running statistics as they are where others read them.</summary>
    private static IEnumerable<OnnxNode> ForInference(OnnxNode node, GraphIndex index)
    {
        yield return node.Without("training_mode") with { Outputs = [node.Outputs[0]] };
        for (int i = 1; i <= 2; i++)
            if (node.HasOutput(i) && IsRead(node.Outputs[i], index))
                yield return OnnxNode.Create("Identity", [node.Inputs[i + 2]], [node.Outputs[i]]) with { Name = "" };
    }
}
