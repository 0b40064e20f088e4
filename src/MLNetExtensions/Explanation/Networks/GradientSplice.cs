using MLNetExtensions.Onnx;

namespace MLNetExtensions.Explanation.Networks;

/// <summary>
/// Adds zeros to a value of a graph: where they are the only trainable parameter, their gradient is the value's own, in any training
/// runtime.
/// </summary>
internal static class GradientSplice
{
    /// <summary>The graph in which all that read a value read the sum of it and zeros.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="value">The value: an input, or what a node makes.</param>
    /// <param name="shape">Its shape, batch included.</param>
    /// <param name="zeros">Receives the name of the zeros.</param>
    public static OnnxGraph Apply(OnnxGraph graph, string value, long[] shape, out string zeros)
    {
        var names = new ValueNames(graph);
        string sum = names.Take($"{value}.explained"),
            name = names.Take($"{value}.zeros");
        zeros = name;
        OnnxNode addition = OnnxNode.Create("Add", [value, name], [sum]);
        int producer = graph.Nodes.ToList().FindIndex(node => node.Outputs.Contains(value));
        IEnumerable<OnnxNode> before = graph.Nodes.Take(producer + 1),
            behind = graph
                .Nodes.Skip(producer + 1)
                .Select(node =>
                    node.Inputs.Contains(value) ? node with { Inputs = [.. node.Inputs.Select(i => i == value ? sum : i)] } : node
                );
        return graph with
        {
            Nodes = [.. before, addition, .. behind],
            Outputs = [.. graph.Outputs.Select(output => output.Name == value ? output with { Name = sum } : output)],
            Initializers = new Dictionary<string, OnnxTensor>(graph.Initializers)
            {
                [name] = OnnxTensor.FromFloats(name, shape, new float[shape.Aggregate(1L, (product, size) => product * size)]),
            },
        };
    }
}
