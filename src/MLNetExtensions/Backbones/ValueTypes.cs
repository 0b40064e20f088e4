using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;

namespace MLNetExtensions.Backbones;

/// <summary>The types of all values of a graph that change with the pictures.</summary>
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
        var read = graph.Nodes.SelectMany(n => n.Inputs).Concat(graph.Outputs.Select(o => o.Name)).ToHashSet();
        // As outputs, all of these keep their names in the lowered graph.
        OnnxValue[] data = [.. graph.Nodes.SelectMany(n => n.Outputs).Where(o => read.Contains(o) && flow.IsData(o))
            .Select(o => new OnnxValue(o, OnnxElementType.Undefined, null))];
        Dictionary<string, long[]> shapes = graph.Inputs.ToDictionary(
            i => i.Name,
            i => i.Shape?.Select((dimension, axis) => axis == 0 ? Batch : dimension.Size ?? (axis == 1 && i.Shape.Count == 4 && i.Shape[3].Size != 3 ? 3 : DefaultSide)).ToArray()
                ?? throw new OnnxFormatException($"The graph '{graph.Name}': the rank of the input {i} is not known."));
        return new ValueTypes(GraphLowering.Lower(graph with { Outputs = data }, shapes, _ => true).Types);
    }

    public TensorType this[string value] => _types[value];

    /// <summary>Whether the first dimension of a value counts the pictures.</summary>
    public bool IsBatchFirst(string value) => _types.TryGetValue(value, out TensorType? type) && type.Shape is [Batch, ..];

    /// <summary>A value with an open batch and otherwise fixed sizes.</summary>
    public OnnxValue Declare(string value) => OnnxValue.Create(value, _types[value].ElementType, [-1, .. _types[value].Shape.Skip(1)]);
}
