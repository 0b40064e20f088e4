namespace MLNetExtensions.Onnx.Surgery;

/// <summary>Puts one graph behind another.</summary>
internal static class GraphJoin
{
    /// <summary>
    /// One graph: the second's first inputs are the first's outputs, in their order; its other inputs follow the first's. Names of the second,
    /// of values and of nodes, that the first has too get a number behind them; the first's names stay. The metadata is that of both, the
    /// second's where both have a key.
    /// </summary>
    /// <exception cref="ArgumentException">The second has fewer inputs than the first has outputs, or the graphs import different versions
    /// of an operator set.</exception>
    public static OnnxGraph Append(OnnxGraph first, OnnxGraph second)
    {
        int joined = first.Outputs.Count;
        if (joined == 0 || second.Inputs.Count < joined)
            throw new ArgumentException(
                $"The graph '{first.Name}' has the outputs ({string.Join("; ", first.Outputs)}) and '{second.Name}' the inputs "
                    + $"({string.Join("; ", second.Inputs)}); expected an input for each output.",
                nameof(second)
            );
        foreach ((string domain, int version) in second.Opsets)
            if (first.Opsets.TryGetValue(domain, out int other) && other != version)
                throw new ArgumentException(
                    $"The graph '{first.Name}' imports opset {other} of '{(domain.Length > 0 ? domain : "ai.onnx")}', '{second.Name}' "
                        + $"opset {version}; make the second with the first's opset.",
                    nameof(second)
                );

        var names = new ValueNames(first);
        HashSet<string> nodeNames = [.. first.Nodes.Select(node => node.Name)];
        var renamed = new Dictionary<string, string> { [""] = "" };
        for (int i = 0; i < second.Inputs.Count; i++)
            renamed[second.Inputs[i].Name] = i < joined ? first.Outputs[i].Name : names.Take(second.Inputs[i].Name);
        foreach (string name in second.Initializers.Keys.Concat(second.Nodes.SelectMany(n => n.Outputs)))
            if (!renamed.ContainsKey(name))
                renamed[name] = names.Take(name);

        return first with
        {
            Opsets = first.Opsets.Concat(second.Opsets).DistinctBy(o => o.Key).ToDictionary(),
            Inputs = [.. first.Inputs, .. second.Inputs.Skip(joined).Select(input => input with { Name = renamed[input.Name] })],
            Outputs = [.. second.Outputs.Select(o => o with { Name = renamed[o.Name] })],
            Nodes =
            [
                .. first.Nodes,
                .. second.Nodes.Select(n =>
                    n with
                    {
                        Name = Free(n.Name, nodeNames),
                        Inputs = [.. n.Inputs.Select(i => renamed[i])],
                        Outputs = [.. n.Outputs.Select(o => renamed[o])],
                    }
                ),
            ],
            Initializers = new OrderedDictionary<string, OnnxTensor>(
                first.Initializers.Concat(
                    second.Initializers.Select(i => KeyValuePair.Create(renamed[i.Key], i.Value.Rename(renamed[i.Key])))
                )
            ),
            ValueInfos =
            [
                .. first.ValueInfos,
                .. second.ValueInfos.Where(v => renamed.ContainsKey(v.Name)).Select(v => v with { Name = renamed[v.Name] }),
            ],
            Metadata = second.Metadata.Concat(first.Metadata).DistinctBy(m => m.Key).ToDictionary(),
        };
    }

    // ONNX Runtime refuses two nodes of one name; many nodes have none.
    private static string Free(string name, HashSet<string> taken)
    {
        string free = name;
        for (int number = 1; free.Length > 0 && !taken.Add(free); number++)
            free = FormattableString.Invariant($"{name}_{number}");
        return free;
    }
}
