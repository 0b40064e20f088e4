namespace MLNetExtensions.Onnx.Constants;

/// <summary>Positions in tensors in C order.</summary>
internal static class Coordinates
{
    /// <summary>The number of elements between neighbors along each dimension.</summary>
    public static long[] Strides(ReadOnlySpan<long> shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= shape[i];
        }
        return strides;
    }

    /// <summary>The strides with which a tensor is read when it is broadcast to a larger shape: 0 where it repeats.</summary>
    public static long[] BroadcastStrides(ReadOnlySpan<long> shape, int rank)
    {
        long[] own = Strides(shape);
        var strides = new long[rank];
        for (int i = 1; i <= shape.Length; i++)
            strides[^i] = shape[^i] == 1 ? 0 : own[^i];
        return strides;
    }

    /// <summary>All positions of a tensor, in order. The same array is given each time.</summary>
    public static IEnumerable<long[]> Of(long[] shape)
    {
        if (shape.Contains(0))
            yield break;
        var position = new long[shape.Length];
        while (true)
        {
            yield return position;
            int i = shape.Length - 1;
            while (i >= 0 && ++position[i] == shape[i])
                position[i--] = 0;
            if (i < 0)
                yield break;
        }
    }

    /// <summary>The offset of a position, given the strides.</summary>
    public static long Offset(ReadOnlySpan<long> position, ReadOnlySpan<long> strides)
    {
        long offset = 0;
        for (int i = 0; i < position.Length; i++)
            offset += position[i] * strides[i];
        return offset;
    }
}
