namespace MLNetExtensions.Onnx.Tensors;

/// <summary>A tensor that holds one value throughout.</summary>
internal static class FilledTensor
{
    /// <summary>Computes the tensor that a <c>ConstantOfShape</c> node outputs for a shape.</summary>
    public static OnnxTensor Of(OnnxNode constantOfShape, ReadOnlySpan<long> shape) =>
        Of(constantOfShape.Outputs[0], shape, constantOfShape.Tensor("value") ?? OnnxTensor.FromFloats("", [1], [0f]));

    /// <summary>Repeats the one element of <paramref name="value"/>.</summary>
    public static OnnxTensor Of(string name, ReadOnlySpan<long> shape, OnnxTensor value)
    {
        int size = OnnxTensor.SizeOf(value.ElementType);
        ReadOnlySpan<byte> element = value.RawData.Span[..size];
        long count = 1;
        foreach (long length in shape)
            count = checked(count * length);
        var bytes = new byte[checked(count * size)];
        if (element.ContainsAnyExcept((byte)0))
            for (int i = 0; i < bytes.Length; i += size)
                element.CopyTo(bytes.AsSpan(i));
        return new OnnxTensor(name, value.ElementType, shape.ToArray(), bytes);
    }
}
