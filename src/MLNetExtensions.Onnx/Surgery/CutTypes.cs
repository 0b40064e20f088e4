using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Surgery;

/// <summary>The types of some values of a graph: what it states, or what follows from its inputs.</summary>
internal sealed class CutTypes
{
    // Batches that no size of a network is likely to be: what differs between them is the batch.
    private const long OneBatch = 13,
        OtherBatch = 14;

    private readonly Dictionary<string, OnnxValue> _stated = [];
    private readonly LoweringValues? _one;
    private readonly LoweringValues? _other;

    public CutTypes(OnnxGraph graph, IReadOnlyList<string> wanted)
    {
        foreach (OnnxValue value in graph.Inputs.Concat(graph.ValueInfos).Concat(graph.Outputs))
            if (value.ElementType != OnnxElementType.Undefined && value.Shape is not null)
                _stated.TryAdd(value.Name, value);
        foreach (OnnxTensor tensor in graph.Initializers.Values)
            _stated.TryAdd(tensor.Name, OnnxValue.Create(tensor.Name, tensor.ElementType, [.. tensor.Shape]));
        if (wanted.All(_stated.ContainsKey) || graph.OpenInput is not null)
            return;
        // As outputs they are looked at, and have types under their own names.
        graph = graph with
        {
            Outputs = [.. graph.Outputs, .. wanted.Select(name => new OnnxValue(name, OnnxElementType.Undefined, null))],
        };
        try
        {
            _one = GraphLowering.Evaluate(graph, OneBatch);
            _other = GraphLowering.Evaluate(graph, OtherBatch);
        }
        catch (OnnxFormatException e)
        {
            Error = e;
        }
    }

    /// <summary>The reason why types cannot be inferred from the graph's inputs; null if they can, or if this was not requested.</summary>
    public OnnxFormatException? Error { get; }

    /// <summary>A value with its type; null where it is not known.</summary>
    public OnnxValue? Of(string name)
    {
        if (_stated.TryGetValue(name, out OnnxValue? stated))
            return stated;
        if (
            _one?.Types.GetValueOrDefault(_one.Resolve(name)) is not { } one
            || _other?.Types.GetValueOrDefault(_other.Resolve(name)) is not { } other
            || one.Shape.Length != other.Shape.Length
        )
            return null;
        return new OnnxValue(
            name,
            one.ElementType,
            [
                .. one
                    .Shape.Zip(other.Shape)
                    .Select(
                        (size, axis) =>
                            size.First == size.Second
                                ? new OnnxDimension(size.First)
                                : new OnnxDimension(null, axis == 0 ? BatchAxis.Name : null)
                    ),
            ]
        );
    }
}
