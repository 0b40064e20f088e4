using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Backbones.Batching;

/// <summary>
/// The types of values as ONNX Runtime makes them, for any number of images: two batches are run, and sizes that differ follow from the
/// batch.
/// </summary>
internal sealed class RuntimeTypes(OnnxGraph graph)
{
    private readonly Dictionary<string, (TensorType First, TensorType Second)> _known = [];

    // One image alone says nothing about several; a graph for one image is run on one.
    private readonly (long First, long Second) _batches = BatchAxis.IsOne(graph) ? (1, 1) : (2, 3);

    /// <summary>The types of the values that are tensors; none where ONNX Runtime does not know the graph's operators either.</summary>
    /// <exception cref="OnnxFormatException">The graph does not take such a batch.</exception>
    public IReadOnlyDictionary<string, TensorType> Of(IReadOnlyList<string> values, long batch)
    {
        string[] unknown = [.. values.Where(v => !_known.ContainsKey(v))];
        if (unknown.Length > 0)
            Ask(unknown);
        return values.Where(_known.ContainsKey).ToDictionary(v => v, v => ForBatch(_known[v].First, _known[v].Second, batch));
    }

    private void Ask(string[] values)
    {
        using GraphProbe? probe = GraphProbe.TryCreate(graph, values);
        if (probe is null)
            return;
        TensorType?[] first = Run(_batches.First);
        TensorType?[] second = _batches.Second == _batches.First ? first : Run(_batches.Second);
        for (int i = 0; i < values.Length; i++)
            if (first[i] is { } one && second[i] is { } other)
                _known[values[i]] = (one, other);

        TensorType?[] Run(long batch)
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = probe.Run([.. Enumerable.Range(0, (int)batch)]);
            return [.. outputs.Select(TypeOf)];
        }
    }

    private static TensorType? TypeOf(OrtValue value)
    {
        if (value.OnnxType != OnnxValueType.ONNX_TYPE_TENSOR)
            return null;
        OrtTensorTypeAndShapeInfo type = value.GetTensorTypeAndShape();
        // ONNX Runtime numbers the element types as ONNX does.
        return new TensorType((OnnxElementType)type.ElementDataType, type.Shape);
    }

    private TensorType ForBatch(TensorType first, TensorType second, long batch) =>
        first.Shape.Length != second.Shape.Length
            ? first
            : new TensorType(
                first.ElementType,
                [
                    .. first.Shape.Zip(
                        second.Shape,
                        (a, b) =>
                            _batches.First == _batches.Second
                                ? a
                                : a + (b - a) / (_batches.Second - _batches.First) * (batch - _batches.First)
                    ),
                ]
            );
}
