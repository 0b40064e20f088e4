using Google.Protobuf;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.TensorFlow.Interchange;
using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow;

/// <summary>
/// Reads TensorFlow's classification networks as ONNX graphs, for <c>Backbone.FromGraph</c> and ONNX Runtime, and writes ONNX graphs for
/// TensorFlow.
/// </summary>
public static class TensorFlowModel
{
    /// <summary>
    /// Reads a frozen graph (<c>.pb</c>). TensorFlow's library is not needed. The result takes images as batch, channels, height, width;
    /// the batch is open, and values keep their nodes' names.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The import options; null for the defaults.</param>
    /// <exception cref="TensorFlowFormatException">The file is not a graph, or has unsupported ops: the message names all of
    /// them.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static OnnxGraph ReadFrozenGraph(string path, TensorFlowImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new TensorFlowImportOptions();
        return Import(path, () => Translate(ReadDefinition(path), options));
    }

    /// <summary>
    /// Reads a SavedModel through TensorFlow's library: its functions are inlined and its variables become constants. Inputs and outputs
    /// have the signature's names; else as <see cref="ReadFrozenGraph"/>.
    /// </summary>
    /// <param name="folder">The model's folder, with <c>saved_model.pb</c>.</param>
    /// <param name="options">The import options; null for the defaults.</param>
    /// <exception cref="TensorFlowFormatException">The model lacks the signature, or has unsupported ops: the message names all of
    /// them.</exception>
    /// <exception cref="TensorFlowException">TensorFlow cannot load the model.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such model.</exception>
    /// <exception cref="DllNotFoundException">TensorFlow's library is not found.</exception>
    public static OnnxGraph ReadSavedModel(string folder, TensorFlowImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        options ??= new TensorFlowImportOptions();
        if (!File.Exists(Path.Combine(folder, "saved_model.pb")))
            throw new DirectoryNotFoundException($"{folder} holds no saved_model.pb.");
        Native.TensorFlowLibrary.Load();
        SavedModelCheck.Check(Path.Combine(folder, "saved_model.pb"));
        using var session = new SavedModelSession(folder);
        return Import(folder, () => Translate(session, options));
    }

    /// <summary>
    /// Writes a graph as a SavedModel, for TensorFlow Serving and Python, by TensorFlow's library: the tag <c>serve</c>, a signature whose
    /// inputs and outputs have the graph's names, the weights as variables. Labels and preprocessing of the graph's metadata go to
    /// <c>assets.extra</c>. The folder is written completely or not at all.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="folder">The model's folder, which must not exist or be empty.</param>
    /// <param name="options">The export options; null for the defaults.</param>
    /// <exception cref="UnsupportedOpsException">The graph holds operators that the runtime lacks; the message lists all of
    /// them.</exception>
    /// <exception cref="NotSupportedException">The graph cannot be written for any batch size, or has other open sizes.</exception>
    /// <exception cref="ArgumentException">The options name an unknown output, or are out of range.</exception>
    /// <exception cref="IOException">The folder is not empty or cannot be written.</exception>
    /// <exception cref="DllNotFoundException">TensorFlow's library is not found.</exception>
    public static void WriteSavedModel(OnnxGraph graph, string folder, TensorFlowExportOptions? options = null) =>
        WriteSavedModel(graph, folder, options, inputName: null);

    internal static void WriteSavedModel(OnnxGraph graph, string folder, TensorFlowExportOptions? options, string? inputName)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options = (options ?? new TensorFlowExportOptions()).Copy();
        Native.TensorFlowLibrary.Load();
        SavedModelWriter.Write(graph, folder, options, inputName);
    }

    /// <summary>Names the model in what goes wrong while it is read.</summary>
    private static OnnxGraph Import(string source, Func<OnnxGraph> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is TensorFlowFormatException or OnnxFormatException)
        {
            throw new TensorFlowFormatException($"{source} cannot be imported: {e.Message}", e);
        }
    }

    private static GraphDef ReadDefinition(string path)
    {
        GraphDef definition;
        try
        {
            using FileStream stream = File.OpenRead(path);
            definition = GraphDef.Parser.ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new TensorFlowFormatException($"It is no frozen TensorFlow graph, or is cut off: {error.Message}", error);
        }
        return definition.Node.Count > 0 ? definition : throw new TensorFlowFormatException("It holds no TensorFlow graph.");
    }

    private static OnnxGraph Translate(GraphDef definition, TensorFlowImportOptions options)
    {
        var flat = new FlatGraph(definition);
        string input =
            options.Input
            ?? Only([.. flat.Nodes.Where(n => n.Op == "Placeholder").Select(n => n.Name)], "Placeholders", nameof(options.Input));
        string output = options.Output ?? OutputOf(flat);
        return GraphTranslation.Translate(
            flat,
            [(input.EndsWith(":0", StringComparison.Ordinal) ? input[..^2] : input, FlatGraph.Indexed(input))],
            [(output.EndsWith(":0", StringComparison.Ordinal) ? output[..^2] : output, FlatGraph.Indexed(output))],
            options.InputShape,
            read: null
        );
    }

    private static OnnxGraph Translate(SavedModelSession session, TensorFlowImportOptions options)
    {
        if (!session.Definition.SignatureDef.TryGetValue(options.Signature, out SignatureDef? signature))
            throw new TensorFlowFormatException(
                $"It has no signature '{options.Signature}', but "
                    + $"{string.Join(", ", session.Definition.SignatureDef.Keys.Order(StringComparer.Ordinal))}."
            );
        if (signature.Outputs.Count == 0)
            throw new TensorFlowFormatException($"Its signature '{options.Signature}' has no outputs.");
        return GraphTranslation.Translate(
            new FlatGraph(session.Definition.GraphDef ?? throw new TensorFlowFormatException("It holds no TensorFlow graph.")),
            Values(signature.Inputs),
            Values(signature.Outputs),
            options.InputShape,
            session.ReadVariable
        );

        static (string, string)[] Values(IEnumerable<KeyValuePair<string, TensorInfo>> infos) =>
            [.. infos.OrderBy(i => i.Key, StringComparer.Ordinal).Select(i => (i.Key, FlatGraph.Indexed(i.Value.Name)))];
    }

    private static string OutputOf(FlatGraph flat)
    {
        if (flat.Nodes.LastOrDefault(n => n.Op == "Softmax") is { } softmax)
            return softmax.Name;
        HashSet<string> read = [.. flat.Nodes.SelectMany(n => n.Inputs).Select(FlatGraph.NodeOf)];
        return Only(
            [.. flat.Nodes.Where(n => n.Inputs.Length > 0 && !read.Contains(n.Name)).Select(n => n.Name)],
            "possible outputs",
            nameof(TensorFlowImportOptions.Output)
        );
    }

    private static string Only(string[] names, string what, string option) =>
        names.Length == 1
            ? names[0]
            : throw new TensorFlowFormatException(
                $"It has {names.Length} {what}{(names.Length > 0 ? $" ({string.Join(", ", names.Take(10))})" : "")}; set {option}."
            );
}
