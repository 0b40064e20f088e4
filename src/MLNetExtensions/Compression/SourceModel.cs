using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Compression;

/// <summary>A model that is to become smaller, and how images become its input.</summary>
/// <param name="Graph">The model.</param>
/// <param name="Preprocessing">The preprocessing that it expects; null if its inputs are columns.</param>
internal sealed record SourceModel(OnnxGraph Graph, ImagePreprocessing? Preprocessing)
{
    private readonly LabelTail _tail = LabelTail.TakeOff(Graph);

    /// <summary>The part of the model that computes: what becomes smaller.</summary>
    public OnnxGraph Network => _tail.Network;

    /// <summary>The warnings about the model before it is compressed.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>The whole model of a smaller network.</summary>
    public OnnxGraph Complete(OnnxGraph network) => _tail.PutBack(network);

    /// <summary>The names of nodes that options mean by them.</summary>
    public string[] Resolve(IEnumerable<string> names) => NamedLayers.Resolve(names, Network);

    /// <summary>
    /// Takes the preprocessing that the options give, or else the model's own. Where the model leaves the size of images open, it becomes
    /// the preprocessing's.
    /// </summary>
    /// <exception cref="ArgumentException">The preprocessing does not fit the model's input.</exception>
    /// <exception cref="FormatException">The preprocessing in the model's metadata cannot be read.</exception>
    public static SourceModel Of(OnnxGraph graph, CompressionOptions options)
    {
        string[] warnings = InferenceMode.Warning(graph, $"The graph '{graph.Name}'") is { } warning ? [warning] : [];
        graph = NamedLayers.Name(InferenceMode.Apply(graph));
        if ((options.Preprocessing ?? PreprocessingJson.Find(graph.Metadata, $"The graph '{graph.Name}'")) is not { } preprocessing)
            return new SourceModel(BatchNarrowing.Apply(graph), null) { Warnings = warnings };
        OnnxValue input = Backbone.FromGraph(graph, preprocessing).Graph.Inputs[0];
        OnnxDimension[] sizes =
        [
            .. BackboneInput
                .Find(graph, $"The graph '{graph.Name}'")
                .ItemShape(preprocessing.Height, preprocessing.Width)
                .Select(d => new OnnxDimension(d)),
        ];
        return new SourceModel(
            BatchNarrowing.Apply(graph with { Inputs = [input with { Shape = [input.Shape![0], .. sizes] }] }),
            preprocessing
        )
        {
            Warnings = warnings,
        };
    }
}
