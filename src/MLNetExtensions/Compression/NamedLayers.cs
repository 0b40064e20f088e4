using MLNetExtensions.Onnx;

namespace MLNetExtensions.Compression;

/// <summary>Layers that options name: by the name of their node or of its output.</summary>
internal static class NamedLayers
{
    /// <summary>Whether a name in the options means a layer.</summary>
    public static bool IsNamed(this OnnxNode layer, string name) => name == layer.Name || name == layer.Outputs[0];

    /// <summary>Says that options name a layer that is not there.</summary>
    /// <param name="option">The option.</param>
    /// <param name="name">The name in it.</param>
    /// <param name="graph">The model.</param>
    /// <param name="layers">The layers that may be named.</param>
    public static ArgumentException Unknown(string option, string name, OnnxGraph graph, IEnumerable<OnnxNode> layers)
    {
        string[] labels = [.. layers.Select(l => l.Label)];
        return new ArgumentException($"{option} names '{name}', which is no layer of the graph '{graph.Name}'. Its layers are {string.Join(", ", labels.Take(20))}{(labels.Length > 20 ? ", ..." : "")}.", "options");
    }
}
