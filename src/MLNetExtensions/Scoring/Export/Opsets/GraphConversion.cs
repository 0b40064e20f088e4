using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Scoring.Export.Opsets;

/// <summary>A graph during its conversion to another opset: its constants, and the facts known about its values.</summary>
internal sealed class GraphConversion(OnnxGraph graph)
{
    /// <summary>Two sets of sizes for what the file leaves open: only what is the same of both is known.</summary>
    private static readonly (long Batch, long Size)[] Tries = [(1, 64), (2, 96)];

    private readonly ValueNames _names = new(graph);
    private LoweringValues?[]? _values;
    private Dictionary<string, NodeMetadata>? _types;

    /// <summary>The constants, with those that were added.</summary>
    public OrderedDictionary<string, OnnxTensor> Initializers { get; } = new(graph.Initializers);

    /// <summary>A name that no value has.</summary>
    public string NewName(string wished) => _names.Take(wished);

    /// <summary>Adds a constant.</summary>
    /// <returns>Its name.</returns>
    public string Add(OnnxTensor tensor, string wished)
    {
        string name = NewName(wished);
        Initializers[name] = tensor.Rename(name);
        return name;
    }

    /// <summary>The element type of a value; null if it is not known.</summary>
    public OnnxElementType? ElementType(string value) =>
        Initializers.TryGetValue(value, out OnnxTensor? constant) ? constant.ElementType
        : Type(value) is { } type ? (OnnxElementType)(int)type.ElementDataType
        : null;

    /// <summary>The number of dimensions of a value; null if it is not known.</summary>
    public int? Rank(string value) =>
        Initializers.TryGetValue(value, out OnnxTensor? constant) ? constant.Shape.Count
        : Type(value)?.Dimensions.Length is > 0 and int rank ? rank
        : null;

    /// <summary>A size of a value; null if it is not known, or not always the same.</summary>
    public long? Size(string value, int axis) =>
        Initializers.TryGetValue(value, out OnnxTensor? constant) ? constant.Shape[axis]
        : Type(value)?.Dimensions is { } sizes && axis < sizes.Length && sizes[axis] >= 0 ? sizes[axis]
        : null;

    /// <summary>A value where it is a constant or follows from constants; null if it depends on the data or on open sizes.</summary>
    public OnnxTensor? Constant(string value)
    {
        if (Initializers.TryGetValue(value, out OnnxTensor? constant))
            return constant;
        OnnxTensor?[] values = [.. Values().Select(v => v?.ConstantOf(value))];
        return values is [{ } first, { } second] && first.RawData.Span.SequenceEqual(second.RawData.Span) ? first : null;
    }

    private NodeMetadata? Type(string value) => (_types ??= Types()).GetValueOrDefault(value);

    /// <summary>The types of all values as ONNX Runtime infers them, which knows all operators.</summary>
    private Dictionary<string, NodeMetadata> Types()
    {
        HashSet<string> declared = [.. graph.Outputs.Select(o => o.Name)];
        OnnxValue[] between =
        [
            .. graph
                .Nodes.SelectMany(n => n.Outputs)
                .Where(o => o.Length > 0 && declared.Add(o))
                .Select(o => new OnnxValue(o, OnnxElementType.Undefined, null)),
        ];
        using RuntimeSession session = SessionOpening.OpenToExamine(
            OnnxModelSource.OfGraph(graph with { Outputs = [.. graph.Outputs, .. between] }),
            options =>
            {
                options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
                options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
            }
        );
        var types = new Dictionary<string, NodeMetadata>();
        // An input may be an output, too.
        foreach ((string name, NodeMetadata type) in session.Inputs.Concat(session.Outputs).Where(t => t.Value.IsTensor))
            types.TryAdd(name, type);
        return types;
    }

    private LoweringValues?[] Values() => _values ??= [.. Tries.Select(t => Evaluate(t.Batch, t.Size))];

    private LoweringValues? Evaluate(long batch, long size)
    {
        if (graph.Inputs.Any(i => i.Shape is null))
            return null;
        try
        {
            return GraphLowering.Evaluate(
                graph,
                graph.Inputs.ToDictionary(i => i.Name, i => i.Shape!.Select((d, axis) => d.Size ?? (axis == 0 ? batch : size)).ToArray())
            );
        }
        catch (OnnxFormatException)
        {
            // Open sizes that this network does not take: then nothing is known, and rules that need to know something say so.
            return null;
        }
    }
}
