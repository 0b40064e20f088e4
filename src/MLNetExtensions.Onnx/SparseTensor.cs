using MLNetExtensions.Onnx.Proto;

namespace MLNetExtensions.Onnx;

/// <summary>
/// Sparse tensors of ONNX files: the values that are not zero, and where they stand. They are read as dense ones, as ONNX Runtime does.
/// </summary>
internal static class SparseTensor
{
    /// <param name="proto">The message; its values' name is the tensor's.</param>
    /// <param name="read">Reads the two tensors that it consists of.</param>
    /// <exception cref="OnnxFormatException">Values and places do not fit together, or it would have over 2 GB.</exception>
    public static OnnxTensor ToDense(SparseTensorProto proto, Func<TensorProto, OnnxTensor> read)
    {
        string name = proto.Values?.Name ?? "";
        if (proto.Values is null || proto.Indices is null)
            throw new OnnxFormatException($"Sparse tensor '{name}' has no values or no indices.");
        OnnxTensor values = read(proto.Values),
            indices = read(proto.Indices);
        long[] shape = [.. proto.Dims];
        if (values.ElementType == OnnxElementType.String)
            throw new OnnxFormatException($"Sparse tensor '{name}' is of {values.ElementType}; expected numbers.");
        int size = OnnxTensor.SizeOf(values.ElementType);
        long count = 1;
        foreach (long length in shape)
        {
            if (length < 0 || (length > 0 && count > int.MaxValue / size / length))
                throw new OnnxFormatException($"Sparse tensor '{name}' [{string.Join(',', shape)}] has a negative size, or over 2 GB.");
            count *= length;
        }
        // A place is one number, or one for each dimension.
        bool isFlat = indices.Shape.Count == 1;
        if (indices.ElementType != OnnxElementType.Int64 || indices.Count != values.Count * (isFlat ? 1 : shape.Length))
            throw new OnnxFormatException(
                $"Sparse tensor '{name}' has {values.Count} values and the indices "
                    + $"{indices.ElementType}[{string.Join(',', indices.Shape)}]; expected Int64[{values.Count}] or "
                    + $"[{values.Count},{shape.Length}]."
            );

        var dense = new byte[count * size];
        ReadOnlySpan<long> places = indices.Span<long>();
        ReadOnlySpan<byte> bytes = values.RawData.Span;
        for (int i = 0; i < values.Count; i++)
        {
            long place = isFlat ? places[i] : Place(places.Slice(i * shape.Length, shape.Length), shape);
            if (place < 0 || place >= count)
                throw new OnnxFormatException($"Sparse tensor '{name}' [{string.Join(',', shape)}]: value {i} stands outside of it.");
            bytes.Slice(i * size, size).CopyTo(dense.AsSpan((int)(place * size)));
        }
        return new OnnxTensor(name, values.ElementType, shape, dense);
    }

    private static long Place(ReadOnlySpan<long> index, long[] shape)
    {
        long place = 0;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (index[axis] < 0 || index[axis] >= shape[axis])
                return -1;
            place = (place * shape[axis]) + index[axis];
        }
        return place;
    }
}
