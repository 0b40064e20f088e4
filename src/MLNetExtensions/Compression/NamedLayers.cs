using MLNetExtensions.Onnx;

namespace MLNetExtensions.Compression;

/// <summary>
/// Layers that options name: by the name of their node in the file, or of its output there. What is done to a graph before it is compressed
/// changes outputs (a BatchNorm is folded), but not the names of nodes: so each layer gets one, and options name it by that.
/// </summary>
internal static class NamedLayers
{
    /// <summary>The graph with a name of its own for each layer with weights: the file's, or that of its output.</summary>
    public static OnnxGraph Name(OnnxGraph graph)
    {
        HashSet<string> taken = [.. graph.Nodes.Select(n => n.Name)];
        return graph.Nodes.Any(IsNameless)
            ? graph with
            {
                Nodes = [.. graph.Nodes.Select(n => IsNameless(n) && taken.Add(n.Outputs[0]) ? n with { Name = n.Outputs[0] } : n)],
            }
            : graph;

        static bool IsNameless(OnnxNode node) => node.Name.Length == 0 && IsLayer(node);
    }

    /// <summary>The names of the nodes that options mean. Names that mean none stay.</summary>
    /// <param name="names">Names of nodes or outputs.</param>
    /// <param name="graph">The file's graph, its layers named.</param>
    public static string[] Resolve(IEnumerable<string> names, OnnxGraph graph) =>
        [
            .. names.Select(name =>
                graph.Nodes.Any(n => n.Name == name) ? name
                : graph.ProducerOf(name) is { Name.Length: > 0 } node && IsLayer(node) ? node.Name
                : name
            ),
        ];

    /// <summary>True if a name in the options refers to this layer.</summary>
    public static bool IsNamed(this OnnxNode layer, string name) => name == layer.Label;

    private static bool IsLayer(OnnxNode node) => node is { OpType: "Conv" or "ConvTranspose" or "Gemm" or "MatMul", Domain: "" };

    /// <summary>The error for options that name a layer that does not exist.</summary>
    /// <param name="option">The option.</param>
    /// <param name="name">The name in it.</param>
    /// <param name="graph">The model.</param>
    /// <param name="layers">The layers that may be named.</param>
    public static ArgumentException Unknown(string option, string name, OnnxGraph graph, IEnumerable<OnnxNode> layers)
    {
        string[] labels = [.. layers.Select(l => l.Label)];
        return new ArgumentException(
            $"{option} names '{name}', which is no layer of the graph '{graph.Name}'. Its layers are "
                + $"{string.Join(", ", labels.Take(20))}{(labels.Length > 20 ? ", ..." : "")}.",
            "options"
        );
    }
}
