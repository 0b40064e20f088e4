namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>ONNX's index conventions, in which negative ones count from the end, brought to libtorch's.</summary>
internal static class Indices
{
    /// <summary>Indices into a dimension as 64-bit integers counted from the start.</summary>
    public static Tensor FromStart(Tensor index, long size)
    {
        using Tensor wide = index.to(torch.ScalarType.Int64),
            negative = wide.lt(0);
        return torch.where(negative, wide.add(size), wide);
    }

    /// <summary>
    /// Index tuples (the last dimension of <paramref name="tuples"/>) as positions in the flattened leading dimensions of a tensor of the
    /// given shape.
    /// </summary>
    /// <param name="tuples">[batch..., ..., depth]</param>
    /// <param name="shape">The indexed tensor's shape.</param>
    /// <param name="batch">The number of leading dimensions that both share and the tuples do not name.</param>
    public static Tensor Flat(Tensor tuples, long[] shape, int batch)
    {
        long depth = tuples.shape[^1];
        Tensor flat = torch.zeros(tuples.shape[..^1], torch.ScalarType.Int64, tuples.device);
        for (int axis = 0; axis < batch + depth; axis++)
        {
            Tensor along;
            if (axis < batch)
            {
                var counting = new long[flat.shape.Length];
                Array.Fill(counting, 1);
                counting[axis] = shape[axis];
                along = torch.arange(shape[axis], torch.ScalarType.Int64, tuples.device).reshape(counting);
            }
            else
            {
                along = FromStart(tuples.select(-1, axis - batch), shape[axis]);
            }
            flat = flat.mul(shape[axis]).add(along);
        }
        return flat.reshape(-1);
    }

    /// <summary>The slices of a tensor whose first <paramref name="depth"/> dimensions are flattened, at flat positions.</summary>
    public static Tensor Rows(Tensor x, long[] shape, Tensor flat, long depth)
    {
        using Tensor table = x.reshape(Table(shape, depth));
        return table.index_select(0, flat);
    }

    /// <summary>A shape with its first <paramref name="depth"/> dimensions made one and the others another.</summary>
    public static long[] Table(long[] shape, long depth) => [Product(shape.AsSpan(0, (int)depth)), Product(shape.AsSpan((int)depth))];

    private static long Product(ReadOnlySpan<long> sizes)
    {
        long product = 1;
        foreach (long size in sizes)
            product *= size;
        return product;
    }
}
