using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Compression.Pruning;

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
