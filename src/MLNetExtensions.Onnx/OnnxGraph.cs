using MLNetExtensions.Onnx.Proto;

namespace MLNetExtensions.Onnx;

/// <summary>
/// A read-only view of an ONNX model that mirrors the file: names, attributes, domains and opsets are those of the file; no padding is
/// resolved and nothing is folded. Changed copies are made with <c>with { ... }</c>. Nodes are in topological order.
/// </summary>
public sealed record OnnxGraph
{
    /// <summary>The oldest opset of ONNX's own domain that is read.</summary>
    public const int MinimumOpset = 7;

    /// <summary>
    /// The newest opset of ONNX's own domain that is written, and whose operators training supports. Files of newer opsets are read and
    /// scored; the trained part may have no operator that came later.
    /// </summary>
    public const int MaximumOpset = 22;

    /// <summary>
    /// The newest opset that is known to change no operator that <see cref="MaximumOpset"/> has, but for more element types.
    /// </summary>
    internal const int NewestAlikeOpset = 24;

    /// <summary>
    /// The first file format whose initializers are constants; older ones list them among the inputs, where a caller may replace them.
    /// </summary>
    internal const long MinimumConstantIrVersion = 4;

    /// <summary>The version of the file format.</summary>
    public long IrVersion { get; init; } = 8;

    /// <summary>The graph's name.</summary>
    public string Name { get; init; } = "graph";

    /// <summary>The tool that wrote the file.</summary>
    public string ProducerName { get; init; } = "MLNetExtensions";

    /// <summary>The version of the tool that wrote the file.</summary>
    public string ProducerVersion { get; init; } = "";

    /// <summary>Free text about the model.</summary>
    public string DocString { get; init; } = "";

    /// <summary>The operator-set version by domain; ONNX's own domain has the empty name.</summary>
    public required IReadOnlyDictionary<string, int> Opsets { get; init; }

    /// <summary>The values that a caller must give, without initializers that old files also list as inputs.</summary>
    public required IReadOnlyList<OnnxValue> Inputs { get; init; }

    /// <summary>The values that the graph returns.</summary>
    public required IReadOnlyList<OnnxValue> Outputs { get; init; }

    /// <summary>The nodes, each after those whose outputs it reads.</summary>
    public required IReadOnlyList<OnnxNode> Nodes { get; init; }

    /// <summary>The constants, by name, in the file's order.</summary>
    public required IReadOnlyDictionary<string, OnnxTensor> Initializers { get; init; }

    /// <summary>Values between nodes whose type or shape the file states.</summary>
    public IReadOnlyList<OnnxValue> ValueInfos { get; init; } = [];

    /// <summary>The model's own key-value pairs (<c>metadata_props</c>).</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The file's own functions, which nodes call as operators of their domains. They are written as they were read.</summary>
    internal IReadOnlyList<FunctionProto> Functions { get; init; } = [];

    /// <summary>The opset of ONNX's own domain.</summary>
    public int Opset => Opsets.TryGetValue("", out int version) ? version : MinimumOpset;

    /// <summary>Reads a model file; external data lies in the file's folder.</summary>
    /// <exception cref="OnnxFormatException">The file is not an ONNX model or uses an unsupported part of the format; the message says
    /// which.</exception>
    /// <exception cref="FileNotFoundException">There is no such file, or its external data is missing.</exception>
    public static OnnxGraph Load(string path) => OnnxReader.ReadFile(path);

    /// <summary>Reads a model; one with external data must be read from its file.</summary>
    /// <exception cref="OnnxFormatException">The stream is not an ONNX model or uses an unsupported part of the format; the message says
    /// which.</exception>
    public static OnnxGraph Load(Stream stream) => OnnxReader.ReadStream(stream);

    /// <summary>Writes the model to a file, completely or not at all: a temporary file replaces it when complete.</summary>
    /// <exception cref="OnnxFormatException">The model needs more than 2 GB, which one ONNX file cannot hold.</exception>
    public void Save(string path) => OnnxWriter.WriteFile(this, path);

    /// <summary>Writes the model to a stream.</summary>
    /// <exception cref="OnnxFormatException">The model needs more than 2 GB, which one ONNX file cannot hold.</exception>
    public void Save(Stream stream) => OnnxWriter.WriteStream(this, stream);

    /// <summary>The model as the bytes of an ONNX file.</summary>
    public byte[] ToBytes() => OnnxWriter.ToBytes(this);

    /// <summary>The graph with new values for some of its initializers; names that it does not have are left out.</summary>
    internal OnnxGraph WithWeights(IReadOnlyDictionary<string, OnnxTensor> weights)
    {
        var initializers = new OrderedDictionary<string, OnnxTensor>();
        foreach ((string name, OnnxTensor tensor) in Initializers)
            initializers[name] = weights.GetValueOrDefault(name, tensor);
        return this with { Initializers = initializers };
    }

    /// <summary>
    /// The first input whose sizes, except the batch, are not all known, so that shapes cannot be followed through the graph; null if there
    /// is none.
    /// </summary>
    internal OnnxValue? OpenInput => Inputs.FirstOrDefault(i => i.Shape is null or [] || i.Shape.Skip(1).Any(d => d.Size is null));

    /// <summary>The shapes of the inputs that the file states; null if a size is open.</summary>
    /// <param name="batch">The number of rows where the file leaves it open.</param>
    internal long[][]? StatedInputShapes(long batch = 1) =>
        OpenInput is null ? [.. Inputs.Select(i => i.Shape!.Select(d => d.Size ?? batch).ToArray())] : null;

    /// <summary>The node that makes a value, or null for inputs, initializers and unknown names.</summary>
    internal OnnxNode? ProducerOf(string value) => NodeProducers.Of(Nodes).GetValueOrDefault(value);

    /// <summary>The nodes that the first output needs, in order.</summary>
    internal OnnxNode[] NodesOfFirstOutput()
    {
        HashSet<string> needed = [Outputs[0].Name];
        var nodes = new Stack<OnnxNode>();
        foreach (OnnxNode node in Nodes.Reverse())
        {
            if (!node.Outputs.Any(needed.Contains))
                continue;
            nodes.Push(node);
            needed.UnionWith(node.Inputs);
        }
        return [.. nodes];
    }
}
