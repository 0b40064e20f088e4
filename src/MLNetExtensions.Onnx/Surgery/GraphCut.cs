using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Onnx.Surgery;

/// <summary>Cuts out the part of a graph between some values and others.</summary>
internal static class GraphCut
{
    /// <summary>The part that makes <paramref name="outputs"/> of <paramref name="inputs"/>.</summary>
    /// <exception cref="ArgumentException">A name is no value of the graph or given twice, no output is named, or an input of the graph is
    /// needed that is not among those of the part.</exception>
    /// <exception cref="OnnxFormatException">The type of a new input is not known.</exception>
    public static OnnxGraph Between(OnnxGraph graph, string[] inputs, string[] outputs)
    {
        Dictionary<string, OnnxNode> producers = new DataFlow(graph).Producers;
        HashSet<string> given = [.. graph.Inputs.Select(i => i.Name)];
        CheckNames(graph, inputs, nameof(inputs), name => given.Contains(name) || producers.ContainsKey(name));
        CheckNames(
            graph,
            outputs,
            nameof(outputs),
            name => given.Contains(name) || producers.ContainsKey(name) || graph.Initializers.ContainsKey(name)
        );
        if (outputs.Length == 0)
            throw new ArgumentException("No output is named: a part of a graph gives back at least one value.", nameof(outputs));

        HashSet<OnnxNode> needed = Needed(graph, inputs, outputs, producers, given);
        HashSet<string> cut = [.. inputs];
        var names = new ValueNames(graph);
        // An input of the graph stays what it is, whatever the graph states of it.
        Dictionary<string, OnnxValue> own = graph.Inputs.ToDictionary(i => i.Name);
        CutTypes types = new(graph, [.. inputs, .. outputs]);
        return RemoveUnused.Apply(
            graph with
            {
                Inputs =
                [
                    .. inputs.Select(name =>
                        types.Of(name) ?? own.GetValueOrDefault(name) ?? throw Untyped(graph, name, producers[name], types)
                    ),
                ],
                Outputs = [.. outputs.Select(name => types.Of(name) ?? new OnnxValue(name, OnnxElementType.Undefined, null))],
                // A node that is needed for another of its outputs must not make the value that is given.
                Nodes =
                [
                    .. graph
                        .Nodes.Where(needed.Contains)
                        .Select(n =>
                            n.Outputs.Any(cut.Contains)
                                ? n with
                                {
                                    Outputs = [.. n.Outputs.Select(o => cut.Contains(o) ? names.Take(o) : o)],
                                }
                                : n
                        ),
                ],
            }
        );
    }

    private static OnnxFormatException Untyped(OnnxGraph graph, string name, OnnxNode producer, CutTypes types)
    {
        string message =
            $"The graph '{graph.Name}': the type of '{name}', which {producer.Describe()} makes, is neither stated nor follows from the "
            + $"graph's inputs. State it in {nameof(OnnxGraph.ValueInfos)}.";
        return types.Error is { } cause ? new OnnxFormatException($"{message} {cause.Message}", cause) : new OnnxFormatException(message);
    }

    private static HashSet<OnnxNode> Needed(
        OnnxGraph graph,
        string[] inputs,
        string[] outputs,
        Dictionary<string, OnnxNode> producers,
        HashSet<string> given
    )
    {
        var needed = new HashSet<OnnxNode>(ReferenceEqualityComparer.Instance);
        HashSet<string> seen = [.. inputs];
        var open = new Stack<(string Value, OnnxNode? Reader)>(outputs.Reverse().Select(o => (o, (OnnxNode?)null)));
        while (open.TryPop(out (string Value, OnnxNode? Reader) next))
        {
            if (!seen.Add(next.Value))
                continue;
            if (given.Contains(next.Value))
                throw new ArgumentException(
                    $"The outputs of the part need the input '{next.Value}' of the graph "
                        + $"'{graph.Name}'{(next.Reader is { } reader ? $", which {reader.Describe()} reads" : "")}. Name it among the "
                        + $"inputs, or values that lie behind it.",
                    nameof(inputs)
                );
            if (!producers.TryGetValue(next.Value, out OnnxNode? node) || !needed.Add(node))
                continue;
            foreach (string read in InnerGraphs.Reads(node))
                open.Push((read, node));
        }
        return needed;
    }

    private static void CheckNames(OnnxGraph graph, string[] names, string argument, Func<string, bool> isKnown)
    {
        if (Array.Find(names, name => !isKnown(name)) is { } unknown)
            throw new ArgumentException(
                graph.Initializers.ContainsKey(unknown)
                    ? $"'{unknown}' of the graph '{graph.Name}' is a constant; name values that change with its inputs."
                    : $"The graph '{graph.Name}' has no value '{unknown}'. Its inputs are "
                        + $"{string.Join(", ", graph.Inputs.Select(i => i.Name))}, its outputs "
                        + $"{string.Join(", ", graph.Outputs.Select(o => o.Name))}; the others are the outputs of its nodes.",
                argument
            );
        if (names.Distinct().Count() < names.Length)
            throw new ArgumentException($"A value is named twice: {string.Join(", ", names)}.", argument);
    }
}
