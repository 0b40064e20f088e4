using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Onnx.Parameters;

/// <summary>
/// Tells which initializers of a graph are parameters and which are BatchNorm state. A parameter is a float initializer with dimensions
/// (or a constant node that <see cref="LiftConstants"/> makes one) that reaches an output through differentiable inputs; scalars without
/// dimensions are constants of formulas (<c>x / 2.0</c>), and Clip limits, shapes or BatchNorm statistics are not differentiable inputs.
/// </summary>
internal static class ParameterAnalysis
{
    /// <summary>
    /// The metadata entry that names float initializers, a line each, that are constants although they look like parameters.
    /// </summary>
    public const string FixedKey = "mlnetx.fixed";

    /// <summary>The parameters, in the file's order; a shared initializer is one parameter.</summary>
    public static IReadOnlyList<OnnxTensor> FindParameters(OnnxGraph graph)
    {
        graph = LiftConstants.Apply(graph);
        HashSet<string> differentiable = DifferentiableValues(graph);
        if (graph.Metadata.TryGetValue(FixedKey, out string? names))
            differentiable.ExceptWith(names.Split('\n'));
        return
        [
            .. graph.Initializers.Values.Where(t => t.ElementType.IsFloatingPoint && t.Shape.Count > 0 && differentiable.Contains(t.Name)),
        ];
    }

    /// <summary>The running means and variances of BatchNormalization nodes, in the file's order.</summary>
    public static IReadOnlyList<OnnxTensor> FindState(OnnxGraph graph)
    {
        graph = LiftConstants.Apply(graph);
        var copies = new Dictionary<string, string>();
        foreach (OnnxNode node in graph.Nodes.Where(n => n is { OpType: "Identity", Domain: "" }))
            copies[node.Outputs[0]] = copies.GetValueOrDefault(node.Inputs[0], node.Inputs[0]);
        HashSet<string> statistics =
        [
            .. graph
                .Nodes.Where(n => n is { OpType: "BatchNormalization", Domain: "" })
                .SelectMany(n => n.Inputs.Skip(3))
                .Select(name => copies.GetValueOrDefault(name, name)),
        ];
        return [.. graph.Initializers.Values.Where(t => statistics.Contains(t.Name))];
    }

    /// <summary>The values that a gradient reaches from the first outputs back.</summary>
    public static HashSet<string> DifferentiableValues(OnnxGraph graph)
    {
        HashSet<string> values = [.. graph.Outputs.Select(o => o.Name)];
        foreach (OnnxNode node in graph.Nodes.Reverse())
            if (node.Outputs.Any(values.Contains))
                values.UnionWith(DifferentiableInputs.Of(node));
        return values;
    }
}
