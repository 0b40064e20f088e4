using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Surgery;

namespace MLNetExtensions.Backbones.Exported;

/// <summary>Models that this library exported, as a start of further training.</summary>
internal static class ExportedModel
{
    /// <summary>True if a graph is an exported model: it contains its preprocessing and takes a canvas of pixels.</summary>
    public static bool Is(OnnxGraph graph) =>
        ScoringMetadata.HasPreprocessing(graph)
        && graph is { Inputs.Count: 1, Outputs.Count: > 0 }
        && graph.Inputs[0].Name == new ScoringNames(graph.Outputs[0].Name).Pixels;

    /// <summary>
    /// The network inside, preprocessing included: without the probabilities and names that scoring adds behind it. Other graphs stay as
    /// they are.
    /// </summary>
    public static OnnxGraph Network(OnnxGraph graph)
    {
        if (!Is(graph))
            return graph;
        var names = new ScoringNames(graph.Outputs[0].Name);
        var flow = new DataFlow(graph);
        bool IsEnd(string value) => value == names.Output || value.StartsWith(names.Prefix, StringComparison.Ordinal);
        string[] outputs = [.. graph.Nodes.Where(n => n.Outputs.All(IsEnd)).SelectMany(flow.DataInputs).Where(i => !IsEnd(i)).Distinct()];
        return outputs is [var output]
            ? RemoveUnused.Apply(graph with { Outputs = [new OnnxValue(output, OnnxElementType.Float, null)] })
            : graph;
    }
}
