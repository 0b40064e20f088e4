using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Passes;

/// <summary>
/// Writes a model of an older opset in the newest forms of its operators. That is what <see cref="GraphLowering"/> does for one batch; done for two, what differs
/// shows where the batch stands in the graph.
/// </summary>
internal static class OpsetUpgrade
{
    /// <summary>Two batches that no size of a network is likely to be.</summary>
    private const long Batch = 13, OtherBatch = 14;

    /// <exception cref="OnnxFormatException">The graph works for a fixed batch only, or the sizes of its inputs are open.</exception>
    /// <exception cref="UnsupportedOpsException">The graph holds operators that are not known.</exception>
    public static OnnxGraph Apply(OnnxGraph graph)
    {
        LabelTail tail = LabelTail.TakeOff(graph);
        return tail.PutBack(Upgrade(tail.Network));
    }

    private static OnnxGraph Upgrade(OnnxGraph graph)
    {
        if (graph.OpenInput is { } open)
            throw new OnnxFormatException($"The graph '{graph.Name}' is of opset {graph.Opset}, and the sizes of its input {open} are open. Export it with a newer opset (13 to {OnnxGraph.MaximumOpset}), or with fixed sizes.");
        bool fixedBatch = graph.Inputs.All(i => i.Shape![0].Size is not null);
        LoweredGraph lowered = Lower(graph, fixedBatch ? null : Batch);
        Dictionary<string, OnnxTensor> opened = fixedBatch ? [] : OpenBatch(graph, lowered, Lower(graph, OtherBatch));
        var initializers = new OrderedDictionary<string, OnnxTensor>(lowered.Graph.Initializers);
        foreach ((string name, OnnxTensor value) in opened)
            initializers[name] = value;
        return lowered.Graph with
        {
            Inputs = graph.Inputs,
            Outputs = graph.Outputs,
            Initializers = initializers,
            Nodes = [.. WithNames(lowered.Graph.Nodes, graph)],
        };
    }

    /// <summary>
    /// All that one node became shares its name, which ONNX Runtime refuses: it stays with the node that does what the file's did, by which users know it. The others have none.
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

    private static LoweredGraph Lower(OnnxGraph graph, long? batch) => GraphLowering.Lower(
        graph, graph.Inputs.ToDictionary(i => i.Name, i => i.Shape!.Select((d, axis) => axis == 0 && batch is { } count ? count : d.Size!.Value).ToArray()), _ => true);

    private static Dictionary<string, OnnxTensor> OpenBatch(OnnxGraph graph, LoweredGraph one, LoweredGraph other)
    {
        var opened = new Dictionary<string, OnnxTensor>();
        foreach ((string name, OnnxTensor value) in one.Graph.Initializers)
        {
            OnnxTensor second = other.Graph.Initializers[name];
            if (value.RawData.Span.SequenceEqual(second.RawData.Span) && value.Strings.SequenceEqual(second.Strings))
                continue;
            OnnxNode[] readers = [.. one.Graph.Nodes.Where(n => n.Inputs.Contains(name))];
            if (readers.Any(n => n.OpType != "Reshape") || Open(one.Types[readers[0].Inputs[0]].Shape, value.ToInt64s(), second.ToInt64s()) is not { } target)
                throw new OnnxFormatException($"The graph '{graph.Name}' of opset {graph.Opset} computes '{name}' from the batch, for {readers[0].Describe()}. Export it with a newer opset (13 to {OnnxGraph.MaximumOpset}), or for a batch of 1.");
            opened[name] = OnnxTensor.FromInt64s(name, [target.Length], target);
        }
        return opened;
    }

    /// <summary>A Reshape's target for any batch: 0 copies a size, -1 is what is left.</summary>
    private static long[]? Open(long[] input, long[] target, long[] other)
    {
        long[] opened = [.. target];
        for (int axis = 0; axis < target.Length; axis++)
        {
            if (target[axis] == other[axis])
                continue;
            opened[axis] = axis < input.Length && input[axis] == target[axis] ? 0 : -1;
        }
        return opened.Count(size => size == -1) <= 1 ? opened : null;
    }
}
