using MLNetExtensions.Onnx;

namespace MLNetExtensions.Backbones;

/// <summary>Opens the batch of a graph that was exported for a fixed number of pictures.</summary>
internal static class BatchAxis
{
    public const string Name = "batch";

    /// <summary>
    /// The same graph for any number of pictures: the input's first dimension becomes symbolic, and where a Reshape of data asks for the
    /// fixed number first it copies the first dimension instead (0, or -1 where the operator takes 0 literally).
    /// Whether that is right shows when the shapes of another batch are inferred, see <see cref="ValueTypes"/>.
    /// </summary>
    public static OnnxGraph Open(OnnxGraph graph)
    {
        OnnxGraph opened = graph with
        {
            Inputs = [.. graph.Inputs.Select(i => i.Shape is { Count: > 0 } shape ? i with { Shape = [new OnnxDimension(null, BatchName(shape[0])), .. shape.Skip(1)] } : i)],
            // The file's own statements about values between nodes hold for the fixed number only.
            ValueInfos = [],
        };
        if (graph.Inputs.FirstOrDefault()?.Shape?[0].Size is not long count)
            return opened;

        var flow = new DataFlow(graph);
        var names = new ValueNames(graph);
        var added = new OrderedDictionary<string, OnnxTensor>(graph.Initializers);
        OnnxNode Rewrite(OnnxNode node)
        {
            if (node.OpType != "Reshape" || !flow.IsData(node.Inputs[0]) || ConstantOf(graph, flow, node.Inputs[1])?.ToInt64s() is not [var first, .. var rest] || first != count)
                return node;
            long batch = node.Int("allowzero", 0) == 0 ? 0 : -1;
            if (batch == -1 && rest.Contains(-1))
                return node;
            string name = names.Take(node.Inputs[1] + "/batch");
            added[name] = OnnxTensor.FromInt64s(name, [rest.Length + 1], [batch, .. rest]);
            return node with { Inputs = [node.Inputs[0], name] };
        }
        return opened with { Nodes = [.. graph.Nodes.Select(Rewrite)], Initializers = added };
    }

    private static string BatchName(OnnxDimension dimension) => dimension.Name ?? Name;

    private static OnnxTensor? ConstantOf(OnnxGraph graph, DataFlow flow, string value) =>
        graph.Initializers.TryGetValue(value, out OnnxTensor? tensor) ? tensor
        : flow.Producers.TryGetValue(value, out OnnxNode? node) && node.OpType == "Constant" ? node.Tensor("value")
        : null;
}
