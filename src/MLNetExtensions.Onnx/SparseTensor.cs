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
        int length =
            (shape.Length > OnnxTensor.MaxDimensions ? null : OnnxTensor.SizeInBytes(values.ElementType, shape))
            ?? throw new OnnxFormatException(
                $"Sparse tensor '{name}' {values.ElementType}[{string.Join(',', shape)}] has a negative size, or over 2 GB."
            );
        int size = OnnxTensor.SizeOf(values.ElementType);
        long count = length / size;
        // A place is one number, or one for each dimension.
        bool isFlat = indices.Shape.Count == 1;
        if (
            indices.ElementType != OnnxElementType.Int64
            || indices.Count != values.Count * (isFlat ? 1 : shape.Length)
            || indices.RawData.Length != indices.Count * sizeof(long)
            || values.RawData.Length != values.Count * size
        )
            throw new OnnxFormatException(
                $"Sparse tensor '{name}' has {values.Count} values and the indices "
                    + $"{indices.ElementType}[{string.Join(',', indices.Shape)}]; expected Int64[{values.Count}] or "
                    + $"[{values.Count},{shape.Length}]."
            );

        ReadOnlySpan<long> index = indices.Span<long>();
        var places = new int[values.Count];
        for (int i = 0; i < places.Length; i++)
        {
            long place = isFlat ? index[i] : Place(index.Slice(i * shape.Length, shape.Length), shape);
            if (place < 0 || place >= count)
                throw new OnnxFormatException($"Sparse tensor '{name}' [{string.Join(',', shape)}]: value {i} stands outside of it.");
            places[i] = (int)place;
        }
        return new OnnxTensor(name, values.ElementType, shape, new DeferredBytes(length, Fill).Memory);

        void Fill(byte[] dense)
        {
            ReadOnlySpan<byte> bytes = values.RawData.Span;
            for (int i = 0; i < places.Length; i++)
                bytes.Slice(i * size, size).CopyTo(dense.AsSpan(places[i] * size));
        }
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
