using MLNetExtensions.Data;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Backbones;

/// <summary>
/// A pretrained image network to start from: the ONNX graph, whole as its file has it, and what belongs to its weights: preprocessing, licence,
/// and where its features end and its classifier begins.
/// </summary>
public sealed class Backbone
{
    private Backbone(string name, OnnxGraph graph, ImagePreprocessing preprocessing, PreprocessingSource source, string? featureNode)
    {
        Name = name;
        Graph = graph;
        Preprocessing = preprocessing;
        PreprocessingSource = source;
        FeatureNode = featureNode;
    }

    /// <summary>The catalog's name of it, or else the file's name without its extension.</summary>
    public string Name { get; }

    /// <summary>The whole network, classifier included.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>What the network expects of a picture.</summary>
    public ImagePreprocessing Preprocessing { get; }

    /// <summary>Where <see cref="Preprocessing"/> comes from.</summary>
    public PreprocessingSource PreprocessingSource { get; }

    /// <summary>The name of the node or value whose output is the features; null: whatever the last layer with weights, the classifier, reads.</summary>
    public string? FeatureNode { get; }

    /// <summary>
    /// Reads a backbone from an ONNX file (opset 7 to 22) with one input, pictures of three channels in either layout. Its preprocessing is
    /// <paramref name="preprocessing"/>, or else what the file's own metadata says, or else the catalog's entry of the same SHA-256,
    /// or else torchvision's; <see cref="PreprocessingSource"/> says which.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="preprocessing">What the network expects of a picture, where it is not to be looked up.</param>
    /// <param name="featureNode">The name of the node or value whose output is the features, where the classifier is not to be found by rule.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OnnxFormatException">The file is no ONNX model, or its inputs are not one batch of pictures.</exception>
    /// <exception cref="ArgumentException">The preprocessing does not fit the network's input, or there is no such node.</exception>
    /// <exception cref="FormatException">The preprocessing in the file's metadata cannot be read.</exception>
    public static Backbone FromFile(string path, ImagePreprocessing? preprocessing = null, string? featureNode = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        OnnxGraph graph = OnnxGraph.Load(path);
        return Create(Path.GetFileNameWithoutExtension(path), $"'{path}'", graph, preprocessing, featureNode);
    }

    /// <summary>Makes a backbone of a graph, for example one that was made in memory.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="preprocessing">What it expects of a picture.</param>
    /// <param name="name">Its name.</param>
    /// <param name="featureNode">The name of the node or value whose output is the features, where the classifier is not to be found by rule.</param>
    /// <exception cref="OnnxFormatException">The graph's inputs are not one batch of pictures.</exception>
    /// <exception cref="ArgumentException">The preprocessing does not fit the network's input, or there is no such node.</exception>
    public static Backbone FromGraph(OnnxGraph graph, ImagePreprocessing preprocessing, string? name = null, string? featureNode = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(preprocessing);
        return Create(name ?? graph.Name, $"The graph '{graph.Name}'", graph, preprocessing, featureNode);
    }

    private static Backbone Create(string name, string source, OnnxGraph graph, ImagePreprocessing? preprocessing, string? featureNode)
    {
        BackboneInput input = BackboneInput.Find(graph, source);
        if (featureNode is not null && !graph.Nodes.Any(n => n.Name == featureNode || n.Outputs.Contains(featureNode)))
            throw new ArgumentException($"{source} has no node and no value named '{featureNode}'.", nameof(featureNode));

        (ImagePreprocessing found, PreprocessingSource from) =
            preprocessing is not null ? (preprocessing, PreprocessingSource.Argument)
            : graph.Metadata.TryGetValue(PreprocessingJson.MetadataKey, out string? json)
                ? (PreprocessingJson.Read(json, $"{source}, metadata '{PreprocessingJson.MetadataKey}'"), PreprocessingSource.ModelMetadata)
            : (input.DefaultPreprocessing(), PreprocessingSource.Default);
        if (input.Problem(found) is string problem)
            throw new ArgumentException($"{source}: {problem}", nameof(preprocessing));
        return new Backbone(name, graph, found, from, featureNode);
    }
}
