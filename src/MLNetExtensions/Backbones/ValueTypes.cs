using MLNetExtensions.Backbones.Batching;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Surgery;

namespace MLNetExtensions.Backbones;

/// <summary>
/// The types of all values of a graph that change with the images, and the values that do not. They follow from the graph; what operators
/// make that are not known here, ONNX Runtime tells.
/// </summary>
internal sealed class ValueTypes
{
    // No other size of a network is likely to be this one: where it stands first, the dimension is the batch.
    private const long Batch = 13;

    private readonly IReadOnlyDictionary<string, TensorType> _types;
    private readonly long _batch;
    private readonly string _graph;

    private ValueTypes(string graph, IReadOnlyDictionary<string, TensorType> types, long batch) =>
        (_graph, _types, _batch) = (graph, types, batch);

    /// <exception cref="OnnxFormatException">The shapes do not fit together for the batch.</exception>
    /// <exception cref="UnsupportedOpsException">The graph holds operators that ONNX Runtime does not know either, or whose outputs are no
    /// tensors.</exception>
    public static ValueTypes Infer(OnnxGraph graph)
    {
        var flow = new DataFlow(graph);
        long batch = BatchAxis.IsOne(graph) ? 1 : Batch;
        var asked = new RuntimeTypes(graph);
        return new ValueTypes(graph.Name, Lower(graph, flow.IsData, batch, asked).Types, batch);
    }

    /// <summary>
    /// Finds values that nodes compute from shapes and constants and that are the same for any number of images, such as pads for one image
    /// size.
    /// </summary>
    public static IReadOnlyDictionary<string, OnnxTensor> FindConstants(OnnxGraph graph)
    {
        var flow = new DataFlow(graph);
        long batch = BatchAxis.IsOne(graph) ? 1 : Batch;
        var asked = new RuntimeTypes(graph);
        IReadOnlyDictionary<string, OnnxTensor> ours = Lower(graph, value => !flow.IsData(value), batch, asked).Graph.Initializers;
        IReadOnlyDictionary<string, OnnxTensor> others =
            batch == 1 ? ours : Lower(graph, value => !flow.IsData(value), batch + 1, asked).Graph.Initializers;
        return flow
            .Producers.Keys.Where(value =>
                ours.TryGetValue(value, out OnnxTensor? a)
                && others.TryGetValue(value, out OnnxTensor? b)
                && a.Shape.SequenceEqual(b.Shape)
                && a.RawData.Span.SequenceEqual(b.RawData.Span)
            )
            .ToDictionary(value => value, value => ours[value]);
    }

    /// <summary>The number of images that the types are for.</summary>
    public long BatchSize => _batch;

    /// <exception cref="OnnxFormatException">The graph makes no tensor of that name.</exception>
    public TensorType this[string value] =>
        Find(value) ?? throw new OnnxFormatException($"The graph '{_graph}': the type of the value '{value}' cannot be found out.");

    /// <summary>The type of a value; null if nothing reads it.</summary>
    public TensorType? Find(string value) => _types.GetValueOrDefault(value);

    /// <summary>The type of the first output of a node that something reads, or null where nothing does.</summary>
    public TensorType? Of(OnnxNode node) => node.Outputs.Select(_types.GetValueOrDefault).FirstOrDefault(type => type is not null);

    /// <summary>True if the first dimension of a value is the number of images.</summary>
    public bool IsBatchFirst(string value) =>
        _types.TryGetValue(value, out TensorType? type) && type.Shape.Length > 0 && type.Shape[0] == _batch;

    /// <summary>A value with an open batch and otherwise fixed sizes.</summary>
    public OnnxValue Declare(string value) => OnnxValue.Create(value, this[value].ElementType, [-1, .. this[value].Shape.Skip(1)]);

    private static LoweredGraph Lower(OnnxGraph graph, Func<string, bool> isKept, long batch, RuntimeTypes asked)
    {
        var read = graph.Nodes.SelectMany(n => n.Inputs).Concat(graph.Outputs.Select(o => o.Name)).ToHashSet();
        // As outputs, values keep their names in the lowered graph.
        OnnxValue[] kept =
        [
            .. graph
                .Nodes.SelectMany(n => n.Outputs)
                .Where(o => o.Length > 0 && read.Contains(o) && isKept(o))
                .Select(o => new OnnxValue(o, OnnxElementType.Undefined, null)),
        ];
        return GraphLowering.Infer(graph with { Outputs = kept }, BatchAxis.InputShapes(graph, batch), values => asked.Of(values, batch));
    }
}
