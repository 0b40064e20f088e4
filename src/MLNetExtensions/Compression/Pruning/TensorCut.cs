using MLNetExtensions.Onnx;

namespace MLNetExtensions.Compression.Pruning;

/// <summary>A constant that holds something for each channel along an axis.</summary>
/// <param name="Tensor">Its name.</param>
/// <param name="Axis">The axis.</param>
/// <param name="Ids">The channel of each place.</param>
internal sealed record TensorCut(string Tensor, int Axis, int[] Ids) : ChannelCut
{
    public OnnxTensor Apply(OnnxTensor tensor, Func<int, bool> isKept)
    {
        int[] kept = [.. Enumerable.Range(0, Ids.Length).Where(i => isKept(Ids[i]))];
        int inner = (int)tensor.Shape.Skip(Axis + 1).Aggregate((long)OnnxTensor.SizeOf(tensor.ElementType), (a, b) => a * b);
        int outer = (int)tensor.Shape.Take(Axis).Aggregate(1L, (a, b) => a * b),
            width = Ids.Length;
        var bytes = new byte[outer * kept.Length * inner];
        ReadOnlySpan<byte> source = tensor.RawData.Span;
        for (int o = 0; o < outer; o++)
        for (int i = 0; i < kept.Length; i++)
            source.Slice((o * width + kept[i]) * inner, inner).CopyTo(bytes.AsSpan((o * kept.Length + i) * inner));
        return new OnnxTensor(
            tensor.Name,
            tensor.ElementType,
            [.. tensor.Shape.Select((size, axis) => axis == Axis ? kept.Length : size)],
            bytes
        );
    }
}
