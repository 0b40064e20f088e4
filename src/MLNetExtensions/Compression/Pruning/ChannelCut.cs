using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Compression.Pruning;

/// <summary>Something in a graph that changes where channels go.</summary>
internal abstract record ChannelCut;

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
        int outer = (int)tensor.Shape.Take(Axis).Aggregate(1L, (a, b) => a * b), width = Ids.Length;
        var bytes = new byte[outer * kept.Length * inner];
        ReadOnlySpan<byte> source = tensor.RawData.Span;
        for (int o = 0; o < outer; o++)
            for (int i = 0; i < kept.Length; i++)
                source.Slice((o * width + kept[i]) * inner, inner).CopyTo(bytes.AsSpan((o * kept.Length + i) * inner));
        return new OnnxTensor(tensor.Name, tensor.ElementType, [.. tensor.Shape.Select((size, axis) => axis == Axis ? kept.Length : size)], bytes);
    }
}

/// <summary>A constant list of whole numbers, some of which count channels.</summary>
/// <param name="Tensor">Its name.</param>
/// <param name="Counts">The positions in the list, and the channels counted there.</param>
internal sealed record CountCut(string Tensor, IReadOnlyList<(int Index, int[] Ids)> Counts) : ChannelCut
{
    public OnnxTensor Apply(OnnxTensor tensor, Func<int, bool> isKept)
    {
        long[] values = tensor.ToInt64s();
        foreach ((int index, int[] ids) in Counts)
            values[index] = ids.Count(isKept);
        return Numbers.FromInt64s(tensor.Name, tensor.ElementType, [.. tensor.Shape], values);
    }
}

/// <summary>An attribute that counts channels: the groups of a depthwise layer.</summary>
/// <param name="Node">The node.</param>
/// <param name="Attribute">Its attribute.</param>
/// <param name="Ids">The channels that are counted.</param>
internal sealed record AttributeCut(OnnxNode Node, string Attribute, int[] Ids) : ChannelCut;
