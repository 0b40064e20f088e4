namespace MLNetExtensions.Onnx.Lowering;

/// <summary>The exception for a graph with operators that cannot be trained or run here; one message lists all of them.</summary>
public sealed class UnsupportedOpsException : Exception
{
    internal UnsupportedOpsException(string runtime, OnnxGraph graph, IReadOnlyList<(OnnxNode Node, string Reason)> nodes)
        : base(Compose(runtime, graph, nodes)) => Ops = [.. nodes.Select(n => n.Node.OpType).Distinct()];

    /// <summary>The operators, each once.</summary>
    public IReadOnlyList<string> Ops { get; }

    private static string Compose(string runtime, OnnxGraph graph, IReadOnlyList<(OnnxNode Node, string Reason)> nodes)
    {
        IEnumerable<string> lines = nodes
            .GroupBy(n => (n.Node.Domain, n.Node.OpType, n.Reason))
            .Select(group =>
            {
                int opset = graph.Opsets.GetValueOrDefault(group.Key.Domain, graph.Opset);
                string names = string.Join(", ", group.Take(5).Select(n => n.Node.Describe()));
                return $"  {(group.Key.Domain.Length > 0 ? group.Key.Domain : "ai.onnx")}.{group.Key.OpType} (opset {opset}): "
                    + $"{group.Key.Reason}; {group.Count()} x: {names}{(group.Count() > 5 ? ", ..." : "")}";
            });
        return $"{runtime} cannot run this graph. "
            + $"Unsupported:{Environment.NewLine}{string.Join(Environment.NewLine, lines)}{Environment.NewLine}Cut the graph before "
            + $"these nodes or re-export the model without them.";
    }
}
