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
            OnnxTensor? condition = !IsBranch(node) ? null : graph.Initializers.GetValueOrDefault(node.Inputs[0]) ?? constants.GetValueOrDefault(node.Inputs[0]);
            if (condition is not { Count: 1 } || !node.Attributes.TryGetValue(condition.ToInt64s()[0] != 0 ? "then_branch" : "else_branch", out OnnxAttribute? branch))
            {
                nodes.Add(node);
                continue;
            }
            changed = true;
            nodes.AddRange(Body(branch.Proto.G, node, names, initializers));
        }
        return changed ? graph with { Nodes = nodes, Initializers = initializers } : graph;
    }

    private static IEnumerable<OnnxNode> Body(GraphProto branch, OnnxNode node, ValueNames names, OrderedDictionary<string, OnnxTensor> initializers)
    {
        var renamed = new Dictionary<string, string> { [""] = "" };
        HashSet<string> made = [.. branch.Node.SelectMany(n => n.Output)];
        for (int i = 0; i < branch.Output.Count; i++)
            if (node.HasOutput(i) && made.Contains(branch.Output[i].Name))
                renamed.TryAdd(branch.Output[i].Name, node.Outputs[i]);
        foreach (string inner in made.Concat(branch.Initializer.Select(t => t.Name)))
            if (!renamed.ContainsKey(inner))
                renamed[inner] = names.Take($"{node.Label}/{inner}");
        foreach (TensorProto tensor in branch.Initializer)
            initializers[renamed[tensor.Name]] = OnnxReader.ReadTensor(tensor, folder: null).Rename(renamed[tensor.Name]);
        foreach (OnnxNode inner in branch.Node.Select(OnnxReader.ReadNode))
        {
            yield return inner with
            {
                Name = names.Take($"{node.Label}/{inner.Label}"),
                Inputs = [.. inner.Inputs.Select(i => renamed.GetValueOrDefault(i, i))],
                Outputs = [.. inner.Outputs.Select(o => renamed[o])],
                Attributes = inner.Attributes.ToDictionary(a => a.Key, a => InnerGraphs.Rename(a.Value, renamed)),
            };
        }
        // An output of the branch that is a value of the graph around it, a constant, or given twice.
        for (int i = 0; i < branch.Output.Count; i++)
        {
            string output = renamed.GetValueOrDefault(branch.Output[i].Name, branch.Output[i].Name);
            if (node.HasOutput(i) && output != node.Outputs[i])
                yield return OnnxNode.Create("Identity", [output], [node.Outputs[i]]);
        }
    }
}
