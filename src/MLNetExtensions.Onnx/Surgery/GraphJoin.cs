namespace MLNetExtensions.Onnx.Surgery;

/// <summary>Puts one graph behind another.</summary>
internal static class GraphJoin
{
    /// <summary>
    /// One graph: the second's one input is the first's one output. Names of the second that the first has too get a number behind them;
    /// the first's names stay. The metadata is that of both, the second's where both have a key.
    /// </summary>
    /// <exception cref="ArgumentException">Not one output meets one input, or the graphs import different versions of an operator
    /// set.</exception>
    public static OnnxGraph Append(OnnxGraph first, OnnxGraph second)
    {
        if (first.Outputs.Count != 1 || second.Inputs.Count != 1)
            throw new ArgumentException(
                $"The graph '{first.Name}' has the outputs ({string.Join("; ", first.Outputs)}) and '{second.Name}' the inputs "
                    + $"({string.Join("; ", second.Inputs)}); expected one of each.",
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
        var renamed = new Dictionary<string, string> { [""] = "", [second.Inputs[0].Name] = first.Outputs[0].Name };
        foreach (string name in second.Initializers.Keys.Concat(second.Nodes.SelectMany(n => n.Outputs)))
            if (!renamed.ContainsKey(name))
                renamed[name] = names.Take(name);

        return first with
        {
            Opsets = first.Opsets.Concat(second.Opsets).DistinctBy(o => o.Key).ToDictionary(),
            Outputs = [.. second.Outputs.Select(o => o with { Name = renamed[o.Name] })],
            Nodes =
            [
                .. first.Nodes,
                .. second.Nodes.Select(n =>
                    n with
                    {
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
}
