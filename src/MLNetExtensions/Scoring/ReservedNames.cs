using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Scoring;

/// <summary>Keeps names free in a graph for values and nodes that are added to it.</summary>
internal static class ReservedNames
{
    /// <summary>
    /// A copy in which no value and no node has one of the <paramref name="reserved"/> names; those that had get a number after their name.
    /// </summary>
    public static OnnxGraph Free(OnnxGraph graph, IReadOnlyCollection<string> reserved)
    {
        HashSet<string> used = [.. Used(graph), .. reserved];
        var renamed = new Dictionary<string, string>();
        foreach (string name in reserved.Where(Used(graph).Contains))
        {
            int number = 1;
            while (!used.Add($"{name}_{number}"))
                number++;
            renamed[name] = $"{name}_{number}";
        }
        return renamed.Count == 0 ? graph : Rename(graph, renamed);
    }

    // Nodes are often named after a value, and no two may have one name.
    private static HashSet<string> Used(OnnxGraph graph) =>
        [
            .. graph.Inputs.Select(v => v.Name),
            .. graph.Outputs.Select(v => v.Name),
            .. graph.Initializers.Keys,
            .. graph.Nodes.SelectMany(n => n.Inputs.Concat(n.Outputs).Append(n.Name)),
        ];

    private static OnnxGraph Rename(OnnxGraph graph, Dictionary<string, string> names)
    {
        string New(string name) => names.GetValueOrDefault(name, name);

        var initializers = new OrderedDictionary<string, OnnxTensor>();
        foreach (OnnxTensor tensor in graph.Initializers.Values)
            initializers.Add(New(tensor.Name), names.ContainsKey(tensor.Name) ? tensor.Rename(New(tensor.Name)) : tensor);
        return graph with
        {
            Inputs = [.. graph.Inputs.Select(v => v with { Name = New(v.Name) })],
            Outputs = [.. graph.Outputs.Select(v => v with { Name = New(v.Name) })],
            ValueInfos = [.. graph.ValueInfos.Select(v => v with { Name = New(v.Name) })],
            Initializers = initializers,
            Nodes =
            [
                .. graph.Nodes.Select(n =>
                    n with
                    {
                        Name = New(n.Name),
                        Inputs = [.. n.Inputs.Select(New)],
                        Outputs = [.. n.Outputs.Select(New)],
                        Attributes = n.Attributes.ToDictionary(a => a.Key, a => InnerGraphs.Rename(a.Value, names)),
                    }
                ),
            ],
        };
    }
}
