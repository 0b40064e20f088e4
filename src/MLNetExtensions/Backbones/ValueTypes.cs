using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;

namespace MLNetExtensions.Backbones;

/// <summary>The types of all values of a graph that change with the pictures, and the values that do not.</summary>
internal sealed class ValueTypes
{
    /// <summary>The side of the pictures where the graph leaves it open.</summary>
    private const int DefaultSide = 224;

    // No other size of a network is likely to be this one: where it stands first, the dimension is the batch.
    private const long Batch = 13;

    private readonly IReadOnlyDictionary<string, TensorType> _types;

    private ValueTypes(IReadOnlyDictionary<string, TensorType> types) => _types = types;

    /// <exception cref="Training.UnsupportedOpsException">The graph holds operators that are not known.</exception>
    /// <exception cref="OnnxFormatException">The shapes do not fit together for a batch of several pictures.</exception>
    public static ValueTypes Infer(OnnxGraph graph)
    {
        var flow = new DataFlow(graph);
        return new ValueTypes(Lower(graph, flow.IsData, Batch).Types);
    }

    /// <summary>What nodes compute from shapes and constants and is the same for any number of pictures, such as pads for one picture size.</summary>
    public static IReadOnlyDictionary<string, OnnxTensor> FindConstants(OnnxGraph graph)
    {
        var flow = new DataFlow(graph);
        IReadOnlyDictionary<string, OnnxTensor> ours = Lower(graph, value => !flow.IsData(value), Batch).Graph.Initializers;
        IReadOnlyDictionary<string, OnnxTensor> others = Lower(graph, value => !flow.IsData(value), Batch + 1).Graph.Initializers;
        return flow.Producers.Keys.Where(value => ours.TryGetValue(value, out OnnxTensor? a) && others.TryGetValue(value, out OnnxTensor? b)
            && a.Shape.SequenceEqual(b.Shape) && a.RawData.Span.SequenceEqual(b.RawData.Span)).ToDictionary(value => value, value => ours[value]);
    }

    public TensorType this[string value] => _types[value];

    /// <summary>The type of the first output of a node that something reads, or null where nothing does.</summary>
    public TensorType? Of(OnnxNode node) => node.Outputs.Select(_types.GetValueOrDefault).FirstOrDefault(type => type is not null);

    /// <summary>Whether the first dimension of a value counts the pictures.</summary>
    public bool IsBatchFirst(string value) => _types.TryGetValue(value, out TensorType? type) && type.Shape is [Batch, ..];

    /// <summary>A value with an open batch and otherwise fixed sizes.</summary>
    public OnnxValue Declare(string value) => OnnxValue.Create(value, _types[value].ElementType, [-1, .. _types[value].Shape.Skip(1)]);

    private static LoweredGraph Lower(OnnxGraph graph, Func<string, bool> isKept, long batch)
    {
        var read = graph.Nodes.SelectMany(n => n.Inputs).Concat(graph.Outputs.Select(o => o.Name)).ToHashSet();
        // As outputs, values keep their names in the lowered graph.
        OnnxValue[] kept = [.. graph.Nodes.SelectMany(n => n.Outputs).Where(o => o.Length > 0 && read.Contains(o) && isKept(o))
            .Select(o => new OnnxValue(o, OnnxElementType.Undefined, null))];
        Dictionary<string, long[]> shapes = graph.Inputs.ToDictionary(
            i => i.Name,
            i => i.Shape?.Select((dimension, axis) => axis == 0 ? batch : dimension.Size ?? (axis == 1 && i.Shape.Count == 4 && i.Shape[3].Size != 3 ? 3 : DefaultSide)).ToArray()
                ?? throw new OnnxFormatException($"The graph '{graph.Name}': the rank of the input {i} is not known."));
        return GraphLowering.Lower(graph with { Outputs = kept }, shapes, _ => true);
    }
}
