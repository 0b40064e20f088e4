using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Passes;

/// <summary>
/// Computes once the values that are the same for every batch: arithmetic on weights, and on shapes that do not
/// depend on the batch (an exporter's <c>Shape, Gather, Concat</c> before a Reshape or Pad). The nodes become initializers under the same
/// names. For models that are not trained any more: a weight that a node changes is not a parameter afterward. Unknown operators are not
/// changed.
/// </summary>
public static class ConstantFolding
{
    /// <summary>
    /// Two batch sizes: values that are the same for both are the same for any. No size of a network is likely to be one of them.
    /// </summary>
    private const long Batch = 13,
        OtherBatch = 14;

    /// <summary>
    /// The size above which a tensor is left to its node if the node's inputs are smaller (an image-sized mask of one value).
    /// </summary>
    private const long GrowthLimit = 64 << 10;

    /// <summary>Replaces such nodes by constants, and removes nodes that are then unused.</summary>
    /// <exception cref="OnnxFormatException">A node breaks the rules of its operator, or shapes do not fit together for several rows at
    /// once.</exception>
    public static OnnxGraph Apply(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        LoweringValues[] values = Evaluate(graph);
        // A runtime wants the graph's outputs to come out of nodes.
        HashSet<string> outputs = [.. graph.Outputs.Select(o => o.Name)];
        var initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers);
        var nodes = new List<OnnxNode>(graph.Nodes.Count);
        foreach (OnnxNode node in graph.Nodes)
        {
            OnnxTensor?[] constants = [.. node.Outputs.Where(o => o.Length > 0).Select(output => Constant(output, values))];
            if (constants.Length == 0 || constants.Any(c => c is null || Grows(node, c) || outputs.Contains(c.Name)))
            {
                nodes.Add(node);
                continue;
            }
            foreach (OnnxTensor? constant in constants)
                initializers[constant!.Name] = constant;
        }
        return nodes.Count == graph.Nodes.Count
            ? graph
            : RemoveUnused.Apply(
                graph with
                {
                    IrVersion = Math.Max(graph.IrVersion, OnnxGraph.MinimumConstantIrVersion),
                    Nodes = nodes,
                    Initializers = initializers,
                }
            );
    }

    private static LoweringValues[] Evaluate(OnnxGraph graph)
    {
        if (graph.OpenInput is not null)
            return [GraphLowering.Evaluate(WithoutInputs(graph), new Dictionary<string, long[]>())];
        bool fixedBatch = graph.Inputs.All(i => i.Shape![0].Size is not null);
        return fixedBatch
            ? [GraphLowering.Evaluate(graph)]
            : [GraphLowering.Evaluate(graph, Batch), GraphLowering.Evaluate(graph, OtherBatch)];
    }

    /// <summary>The nodes that read only constants: the only ones that can be evaluated if an image's size is open.</summary>
    private static OnnxGraph WithoutInputs(OnnxGraph graph)
    {
        var constants = new HashSet<string>(graph.Initializers.Keys) { "" };
        var nodes = new List<OnnxNode>();
        foreach (OnnxNode node in graph.Nodes)
        {
            if (!node.Inputs.All(constants.Contains))
                continue;
            nodes.Add(node);
            constants.UnionWith(node.Outputs);
        }
        return graph with
        {
            Inputs = [],
            Nodes = nodes,
            Outputs =
            [
                .. nodes.SelectMany(n => n.Outputs).Where(o => o.Length > 0).Select(o => new OnnxValue(o, OnnxElementType.Undefined, null)),
            ],
        };
    }

    private static OnnxTensor? Constant(string name, LoweringValues[] values)
    {
        OnnxTensor? first = values[0].ConstantOf(name);
        bool same = values
            .Skip(1)
            .All(v =>
                v.ConstantOf(name) is { } other
                && first is not null
                && other.Shape.SequenceEqual(first.Shape)
                && other.RawData.Span.SequenceEqual(first.RawData.Span)
                && other.Strings.SequenceEqual(first.Strings)
            );
        return same ? first?.Rename(name) : null;
    }

    private static bool Grows(OnnxNode node, OnnxTensor constant) =>
        OperatorTable.Has(node.OpType, OperatorTraits.Growing) && constant.RawData.Length > GrowthLimit;
}
