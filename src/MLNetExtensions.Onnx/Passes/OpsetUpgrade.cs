using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Passes;

/// <summary>
/// Writes a model of an older opset in the newest forms of its operators, those of opset <see cref="OnnxGraph.MaximumOpset"/>. What follows
/// from shapes and constants alone is computed, and what no output needs is left out; inputs, outputs and the names of weights stay.
/// </summary>
// What GraphLowering does for one batch; done for several, what differs shows where the batch stands in the graph.
public static class OpsetUpgrade
{
    /// <summary>Batches that no size of a network is likely to be.</summary>
    private static readonly long[] Batches = [13, 14, 17];

    /// <summary>The graph in the newest opset that is written.</summary>
    /// <param name="graph">The graph, of opset <see cref="OnnxGraph.MinimumOpset"/> or newer; its inputs state all sizes but the
    /// batch.</param>
    /// <exception cref="OnnxFormatException">A node cannot be written for any batch, shapes do not fit together, or the sizes of the inputs
    /// are open; the message names the place.</exception>
    /// <exception cref="UnsupportedOpsException">The graph holds operators that are not known.</exception>
    public static OnnxGraph Apply(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        LabelTail tail = LabelTail.TakeOff(graph);
        return tail.PutBack(Upgrade(tail.Network));
    }

    private static OnnxGraph Upgrade(OnnxGraph graph)
    {
        if (graph.OpenInput is { } open)
            throw new OnnxFormatException(
                $"The graph '{graph.Name}' is of opset {graph.Opset}, and the sizes of its input {open} are open. Export it with a "
                    + $"newer opset (13 to {OnnxGraph.MaximumOpset}), or with fixed sizes."
            );
        graph = BatchNarrowing.Apply(graph);
        bool fixedBatch = graph.Inputs.All(i => i.Shape![0].Size is not null);
        OnnxGraph lowered = fixedBatch
            ? Lower(graph, null).Graph
            : new BatchConstants(graph, Batches, batch => Lower(graph, batch)).Apply();
        return lowered with { Inputs = graph.Inputs, Outputs = graph.Outputs, Nodes = [.. WithNames(lowered.Nodes, graph)] };
    }

    /// <summary>
    /// All that one node became shares its name, which ONNX Runtime refuses: it stays with the node that does what the file's did, by which
    /// users know it. The others have none.
    /// </summary>
    private static IEnumerable<OnnxNode> WithNames(IReadOnlyList<OnnxNode> nodes, OnnxGraph source)
    {
        ILookup<string, string> operators = source.Nodes.ToLookup(n => n.Name, n => n.OpType);
        var owners = new Dictionary<string, OnnxNode>();
        foreach (OnnxNode node in nodes)
            if (!owners.ContainsKey(node.Name) || operators[node.Name].Contains(node.OpType))
                owners[node.Name] = node;
        return nodes.Select(n => ReferenceEquals(owners[n.Name], n) ? n : n with { Name = "" });
    }

    private static LoweredGraph Lower(OnnxGraph graph, long? batch) =>
        GraphLowering.Lower(
            graph,
            graph.Inputs.ToDictionary(
                i => i.Name,
                i => i.Shape!.Select((d, axis) => axis == 0 && batch is { } count ? count : d.Size!.Value).ToArray()
            ),
            _ => true
        );
}
