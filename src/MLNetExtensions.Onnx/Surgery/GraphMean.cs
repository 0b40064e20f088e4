using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Onnx.Surgery;

/// <summary>Several graphs over the same inputs as one, whose first output is the mean of theirs.</summary>
internal static class GraphMean
{
    /// <summary>
    /// The mean of the graphs' first outputs; what the first graph makes of its first output, such as the name of the best class, it makes
    /// of the mean. Names of the others get <c>member1/</c>, <c>member2/</c> ... before them. Metadata are the first's.
    /// </summary>
    /// <exception cref="ArgumentException">Inputs or first outputs differ.</exception>
    public static OnnxGraph Of(IReadOnlyList<OnnxGraph> graphs)
    {
        for (int i = 1; i < graphs.Count; i++)
            CheckAlike(graphs[0], graphs[i], i);
        if (graphs.Select(graph => graph.Opset).Distinct().Count() > 1)
            graphs = [.. graphs.Select(OpsetUpgrade.Apply)];
        OnnxGraph first = graphs[0];
        string output = first.Outputs[0].Name;
        OnnxNode[] maker =
        [
            first.ProducerOf(output) ?? throw new ArgumentException($"The output '{output}' of model 0 is made by no node."),
        ];
        var names = new ValueNames(first);
        string own = names.Take("member0/" + output);
        OnnxGraph[] members =
        [
            first with
            {
                Nodes =
                [
                    .. first.Nodes.Select(n => n == maker[0] ? n with { Outputs = [.. n.Outputs.Select(o => o == output ? own : o)] } : n),
                ],
            },
            .. graphs
                .Skip(1)
                .Select(
                    (graph, i) => Prefixed(GraphCut.Between(graph, [.. graph.Inputs.Select(v => v.Name)], [output]), $"member{i + 1}/")
                ),
        ];
        OnnxNode[] mean =
        [
            OnnxNode.Create("Mean", [own, .. members.Skip(1).Select(member => member.Outputs[0].Name)], [output]) with
            {
                Name = names.Take("mean"),
            },
        ];
        int at = members[0].Nodes.Select((n, i) => (n, i)).First(pair => pair.n.Outputs.Contains(own)).i + 1;
        return first with
        {
            Opsets = members.SelectMany(m => m.Opsets).GroupBy(o => o.Key).ToDictionary(o => o.Key, o => o.Max(version => version.Value)),
            // What follows in the first graph reads the mean, so the others come before it.
            Nodes = [.. members[0].Nodes.Take(at), .. members.Skip(1).SelectMany(m => m.Nodes), .. mean, .. members[0].Nodes.Skip(at)],
            Initializers = new OrderedDictionary<string, OnnxTensor>(members.SelectMany(m => m.Initializers)),
            ValueInfos = [.. members.SelectMany(m => m.ValueInfos)],
        };
    }

    private static void CheckAlike(OnnxGraph first, OnnxGraph other, int index)
    {
        string? difference =
            !Described(first.Inputs).SequenceEqual(Described(other.Inputs))
                ? $"the inputs {string.Join("; ", other.Inputs)}, model 0 has {string.Join("; ", first.Inputs)}"
            : !Described(first.Outputs.Take(1)).SequenceEqual(Described(other.Outputs.Take(1)))
                ? $"the first output {other.Outputs.FirstOrDefault()}, model 0 has {first.Outputs.FirstOrDefault()}"
            : null;
        if (difference is not null)
            throw new ArgumentException(
                $"Model {index} has {difference}. The models of an ensemble see the same pixels and answer with the same classes: train them "
                    + "with the same image size and the same names of columns."
            );
    }

    private static IEnumerable<string> Described(IEnumerable<OnnxValue> values) =>
        values.Select(v =>
            $"{v.Name} {v.ElementType} {string.Join(',', (v.Shape ?? []).Select(size => size.Size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"))}"
        );

    private static OnnxGraph Prefixed(OnnxGraph graph, string prefix)
    {
        HashSet<string> inputs = [.. graph.Inputs.Select(v => v.Name)];
        Dictionary<string, string> renamed = graph
            .Initializers.Keys.Concat(graph.Nodes.SelectMany(n => n.Outputs))
            .Where(name => name.Length > 0 && !inputs.Contains(name))
            .Distinct()
            .ToDictionary(name => name, name => prefix + name);

        string New(string name) => renamed.GetValueOrDefault(name, name);

        return graph with
        {
            Outputs = [.. graph.Outputs.Select(v => v with { Name = New(v.Name) })],
            ValueInfos = [.. graph.ValueInfos.Where(v => renamed.ContainsKey(v.Name)).Select(v => v with { Name = New(v.Name) })],
            Initializers = new OrderedDictionary<string, OnnxTensor>(
                graph.Initializers.Select(pair => KeyValuePair.Create(New(pair.Key), pair.Value.Rename(New(pair.Key))))
            ),
            Nodes =
            [
                .. graph.Nodes.Select(n =>
                    n with
                    {
                        Name = n.Name.Length > 0 ? prefix + n.Name : "",
                        Inputs = [.. n.Inputs.Select(New)],
                        Outputs = [.. n.Outputs.Select(New)],
                        Attributes = n.Attributes.ToDictionary(a => a.Key, a => InnerGraphs.Rename(a.Value, renamed)),
                    }
                ),
            ],
        };
    }
}
