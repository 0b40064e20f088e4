namespace MLNetExtensions.Onnx.Tensors;

/// <summary>A tensor that holds one value throughout.</summary>
internal static class FilledTensor
{
    /// <summary>Computes the tensor that a <c>ConstantOfShape</c> node outputs for a shape.</summary>
    /// <exception cref="OnnxFormatException">The shape is none, or the tensor would have over 2 GB.</exception>
    public static OnnxTensor Of(OnnxNode constantOfShape, ReadOnlySpan<long> shape) =>
        Of(constantOfShape.Outputs[0], shape, constantOfShape.Tensor("value") ?? OnnxTensor.FromFloats("", [1], [0f]));

    /// <summary>Repeats the one element of <paramref name="value"/>. The bytes are made when they are read.</summary>
    /// <exception cref="OnnxFormatException">The shape is none, or the tensor would have over 2 GB.</exception>
    public static OnnxTensor Of(string name, ReadOnlySpan<long> shape, OnnxTensor value)
    {
        if (value.ElementType == OnnxElementType.String || value.Count != 1)
            throw new OnnxFormatException($"The tensor '{name}' is filled with {value}; expected one number.");
        long[] sizes = shape.ToArray();
        int length =
            OnnxTensor.SizeInBytes(value.ElementType, sizes)
            ?? throw new OnnxFormatException(
                $"The tensor '{name}' {value.ElementType}[{string.Join(',', sizes)}] has a negative size, or over 2 GB."
            );
        byte[] element = value.RawData.ToArray();
        return new OnnxTensor(name, value.ElementType, sizes, new DeferredBytes(length, Fill).Memory);

        void Fill(byte[] bytes)
        {
            if (element.AsSpan().ContainsAnyExcept((byte)0))
                for (int i = 0; i < bytes.Length; i += element.Length)
                    element.CopyTo(bytes, i);
        }
    }
}
