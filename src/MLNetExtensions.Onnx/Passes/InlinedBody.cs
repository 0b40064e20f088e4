namespace MLNetExtensions.Onnx.Passes;

/// <summary>The nodes of a function or a branch, in the place of the node that stands for them.</summary>
internal static class InlinedBody
{
    /// <param name="body">The nodes, under the body's own names.</param>
    /// <param name="outputs">The body's names of the outputs.</param>
    /// <param name="node">The node that stands for the body.</param>
    /// <param name="renamed">The graph's names of the body's inputs and initializers, to which those of what its nodes make are added.
    /// Other names are the graph's own.</param>
    /// <param name="names">The graph's names.</param>
    public static IEnumerable<OnnxNode> Of(
        IReadOnlyList<OnnxNode> body,
        IReadOnlyList<string> outputs,
        OnnxNode node,
        Dictionary<string, string> renamed,
        ValueNames names
    )
    {
        renamed[""] = "";
        HashSet<string> made = [.. body.SelectMany(n => n.Outputs)];
        for (int i = 0; i < outputs.Count; i++)
            if (node.HasOutput(i) && made.Contains(outputs[i]))
                renamed.TryAdd(outputs[i], node.Outputs[i]);
        foreach (string value in made)
            if (!renamed.ContainsKey(value))
                renamed[value] = names.Take($"{node.Label}/{value}");
        foreach (OnnxNode inner in body)
        {
            yield return inner with
            {
                Name = names.Take($"{node.Label}/{inner.Label}"),
                Inputs = [.. inner.Inputs.Select(i => renamed.GetValueOrDefault(i, i))],
                Outputs = [.. inner.Outputs.Select(o => renamed[o])],
                Attributes = inner.Attributes.ToDictionary(a => a.Key, a => InnerGraphs.Rename(a.Value, renamed)),
            };
        }
        // An output that no node of the body makes, or that is given twice.
        for (int i = 0; i < outputs.Count; i++)
        {
            string output = renamed.GetValueOrDefault(outputs[i], outputs[i]);
            if (node.HasOutput(i) && output != node.Outputs[i])
                yield return OnnxNode.Create("Identity", [output], [node.Outputs[i]]);
        }
    }
}
