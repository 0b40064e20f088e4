using MLNetExtensions.Onnx.Proto;

namespace MLNetExtensions.Onnx.Checking;

/// <summary>Finds names that stand for nothing, or for two things.</summary>
internal sealed class NameCheck
{
    private readonly List<OnnxProblem> _problems = [];
    private readonly HashSet<string> _known = [];
    private readonly HashSet<string> _later;

    private NameCheck(OnnxGraph graph) => _later = [.. graph.Nodes.SelectMany(n => n.Outputs)];

    public static List<OnnxProblem> Run(OnnxGraph graph)
    {
        var check = new NameCheck(graph);
        foreach (string name in graph.Inputs.Select(i => i.Name).Concat(graph.Initializers.Keys))
            check.Define(name, node: null);
        foreach ((string key, OnnxTensor tensor) in graph.Initializers)
            if (key != tensor.Name)
                check.Note(
                    OnnxProblemKind.UndefinedValue,
                    $"The initializer '{key}' is a tensor of the name '{tensor.Name}', under which it is written; rename it.",
                    null,
                    key
                );
        foreach (OnnxNode node in graph.Nodes)
        {
            foreach (string input in node.Inputs.Where(i => i.Length > 0).Distinct())
                check.Read(input, node);
            foreach (GraphProto body in Bodies(node.Attributes.Values.Select(a => a.Proto)))
                check.Body(body, node, [.. check._known]);
            foreach (string output in node.Outputs.Where(o => o.Length > 0))
                check.Define(output, node);
        }
        foreach (OnnxValue output in graph.Outputs.Where(o => !check._known.Contains(o.Name)))
            check.Note(
                OnnxProblemKind.UndefinedValue,
                $"The graph gives back '{output.Name}', which nothing in it makes.",
                null,
                output.Name
            );
        foreach (IGrouping<string, OnnxValue> same in graph.Outputs.GroupBy(o => o.Name).Where(g => g.Count() > 1))
            check.Note(OnnxProblemKind.DuplicateName, $"The graph gives back '{same.Key}' {same.Count()} times.", null, same.Key);
        foreach (
            IGrouping<string, OnnxNode> same in graph.Nodes.Where(n => n.Name.Length > 0).GroupBy(n => n.Name).Where(g => g.Count() > 1)
        )
            check.Note(
                OnnxProblemKind.DuplicateName,
                $"{same.Count()} nodes have the name '{same.Key}': {string.Join(", ", same.Take(3).Select(n => n.OpType))}; ONNX "
                    + $"Runtime wants one name a node, or none.",
                same.Skip(1).First(),
                null
            );
        return check._problems;
    }

    private void Define(string name, OnnxNode? node)
    {
        if (!_known.Add(name))
            Note(
                OnnxProblemKind.DuplicateName,
                node is null
                    ? $"'{name}' is an input or an initializer twice."
                    : $"Node {node.Describe()} makes '{name}', which is there already.",
                node,
                name
            );
    }

    private void Read(string name, OnnxNode node)
    {
        if (!_known.Contains(name))
            Note(
                OnnxProblemKind.UndefinedValue,
                $"Node {node.Describe()} reads '{name}', which "
                    + $"{(_later.Contains(name) ? "only a later node makes" : "nothing in the graph makes")}.",
                node,
                name
            );
    }

    /// <summary>The body of an If, Loop or Scan: it sees the values around it, too.</summary>
    private void Body(GraphProto body, OnnxNode node, HashSet<string> known)
    {
        known.UnionWith(body.Input.Select(i => i.Name));
        known.UnionWith(body.Initializer.Select(i => i.Name));
        known.UnionWith(body.SparseInitializer.Select(i => i.Values.Name));
        foreach (NodeProto inner in body.Node)
        {
            foreach (string input in inner.Input.Where(i => i.Length > 0 && !known.Contains(i)).Distinct())
                NoteInner(input, $"{inner.OpType} '{(inner.Name.Length > 0 ? inner.Name : inner.Output.FirstOrDefault(""))}' reads");
            foreach (GraphProto deeper in Bodies(inner.Attribute))
                Body(deeper, node, [.. known]);
            known.UnionWith(inner.Output);
        }
        foreach (ValueInfoProto output in body.Output.Where(o => !known.Contains(o.Name)))
            NoteInner(output.Name, "the body gives back");

        void NoteInner(string value, string reader) =>
            Note(
                OnnxProblemKind.UndefinedValue,
                $"Node {node.Describe()}: in its body '{body.Name}' {reader} '{value}', which nothing in it or around it makes.",
                node,
                value
            );
    }

    private static IEnumerable<GraphProto> Bodies(IEnumerable<AttributeProto> attributes) =>
        attributes.SelectMany(a => a.Graphs.Append(a.G)).Where(g => g is not null);

    private void Note(OnnxProblemKind kind, string message, OnnxNode? node, string? value) =>
        _problems.Add(new OnnxProblem(kind, message, node, value));
}
