using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Proto;

namespace MLNetExtensions.Backbones;

/// <summary>
/// Puts a branch of an If in its place where its condition is always the same: PyTorch's <c>squeeze</c> asks for a size that is known.
/// </summary>
internal static class BranchFolding
{
    /// <summary>The graph without such nodes; an If whose condition depends on the images stays.</summary>
    /// <exception cref="OnnxFormatException">The shapes of the graph do not fit together.</exception>
    public static OnnxGraph Apply(OnnxGraph graph)
    {
        // A branch may hold further ones, and tell the shapes that others ask for.
        while (graph.Nodes.Any(IsBranch))
        {
            OnnxGraph folded = ApplyOnce(graph);
            if (ReferenceEquals(folded, graph))
                break;
            graph = RemoveUnused.Apply(folded);
        }
        return graph;
    }

    private static bool IsBranch(OnnxNode node) => node is { OpType: "If", Domain: "" };

    private static OnnxGraph ApplyOnce(OnnxGraph graph)
    {
        IReadOnlyDictionary<string, OnnxTensor> constants = ValueTypes.FindConstants(graph);
        var names = new ValueNames(graph);
        var nodes = new List<OnnxNode>(graph.Nodes.Count);
        var initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers);
        bool changed = false;
        foreach (OnnxNode node in graph.Nodes)
        {
            OnnxTensor? condition = !IsBranch(node)
                ? null
                : graph.Initializers.GetValueOrDefault(node.Inputs[0]) ?? constants.GetValueOrDefault(node.Inputs[0]);
            if (
                condition is not { Count: 1 }
                || !node.Attributes.TryGetValue(condition.ToInt64s()[0] != 0 ? "then_branch" : "else_branch", out OnnxAttribute? branch)
            )
            {
                nodes.Add(node);
                continue;
            }
            changed = true;
            nodes.AddRange(Body(branch.Proto.G, node, names, initializers));
        }
        return changed ? graph with { Nodes = nodes, Initializers = initializers } : graph;
    }

    private static IEnumerable<OnnxNode> Body(
        GraphProto branch,
        OnnxNode node,
        ValueNames names,
        OrderedDictionary<string, OnnxTensor> initializers
    )
    {
        var renamed = new Dictionary<string, string>();
        foreach (TensorProto tensor in branch.Initializer)
        {
            string name = renamed[tensor.Name] = names.Take($"{node.Label}/{tensor.Name}");
            initializers[name] = OnnxReader.ReadTensor(tensor, folder: null).Rename(name);
        }
        return InlinedBody.Of([.. branch.Node.Select(OnnxReader.ReadNode)], [.. branch.Output.Select(o => o.Name)], node, renamed, names);
    }
}
