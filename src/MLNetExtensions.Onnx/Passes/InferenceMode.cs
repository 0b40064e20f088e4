using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Onnx.Passes;

/// <summary>
/// Makes a graph that was exported in training mode one for inference: BatchNormalization takes its running statistics, not those of the
/// batch, and Dropout drops nothing. Nodes inside the bodies of If and Loop stay as they are.
/// </summary>
internal static class InferenceMode
{
    // From here on attributes and inputs say it; before, the outputs that only training has.
    private const int AttributeOpset = 14,
        InputOpset = 12;

    /// <summary>The nodes that are in training mode.</summary>
    public static IReadOnlyList<OnnxNode> Find(OnnxGraph graph) => [.. graph.Nodes.Where(n => Trains(n, graph))];

    /// <summary>The warning for a graph that <see cref="Apply"/> changes; null if it changes nothing.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="source">Its name in the message, such as "The model 'x.onnx'".</param>
    public static string? Warning(OnnxGraph graph, string source) =>
        Find(graph) is not [var first, ..] training
            ? null
            : $"{source} was exported in training mode: "
                + $"{first.Describe()}{(training.Count > 1 ? $" and {training.Count - 1} more" : "")} would normalize by the batch, "
                + "or drop values. They are taken for inference, by the running statistics. Export it in evaluation mode (PyTorch: "
                + "model.eval()) for these statistics to be the right ones.";

    /// <summary>The graph with all nodes in inference mode.</summary>
    public static OnnxGraph Apply(OnnxGraph graph)
    {
        if (Find(graph).Count == 0)
            return graph;
        HashSet<string> read = [.. graph.Outputs.Select(o => o.Name), .. graph.Nodes.SelectMany(n => n.Inputs)];
        foreach (OnnxNode node in graph.Nodes)
        foreach (OnnxAttribute attribute in node.Attributes.Values)
            RemoveUnused.AddCaptured(attribute.Proto, read);
        return graph with
        {
            Nodes =
            [
                .. graph.Nodes.SelectMany(n =>
                    !Trains(n, graph) ? [n]
                    : n.OpType == "Dropout" ? [n with { Inputs = [n.Inputs[0]] }]
                    : Normalization(n, read)
                ),
            ],
        };
    }

    /// <summary>True if a BatchNormalization normalizes by the batch's statistics.</summary>
    /// <param name="node">The node.</param>
    /// <param name="opset">The version of ONNX's operator set.</param>
    public static bool NormalizesByBatch(OnnxNode node, int opset) =>
        opset >= AttributeOpset ? node.Int("training_mode", 0) != 0 : Enumerable.Range(1, 4).Any(node.HasOutput);

    private static bool Trains(OnnxNode node, OnnxGraph graph) =>
        node.Domain.Length == 0
        && node.OpType switch
        {
            "BatchNormalization" => NormalizesByBatch(node, graph.Opset),
            // Where the caller of the model says it, it is the caller's to say.
            "Dropout" => graph.Opset >= InputOpset && node.HasInput(2) && ConstantNode.Find(graph, node.Inputs[2])?.ToInt64s() is [not 0],
            _ => false,
        };

    /// <summary>The normalization, and the running statistics if they are read.</summary>
    private static IEnumerable<OnnxNode> Normalization(OnnxNode node, HashSet<string> read)
    {
        yield return node.Without("training_mode") with
        {
            Outputs = [node.Outputs[0]],
        };
        // Mean and variance, which older versions give a second time as saved_mean and saved_var.
        for (int i = 1; i < node.Outputs.Count; i++)
            if (node.HasOutput(i) && read.Contains(node.Outputs[i]))
                yield return OnnxNode.Create("Identity", [node.Inputs[i % 2 == 1 ? 3 : 4]], [node.Outputs[i]]);
    }
}
