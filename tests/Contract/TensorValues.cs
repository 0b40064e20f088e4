using MLNetExtensions.Onnx;

namespace MLNetExtensions.TrainingContract;

/// <summary>Tensors as doubles.</summary>
internal static class TensorValues
{
    /// <summary>The numbers of a tensor of any type, exactly (64-bit integers as near as doubles are).</summary>
    public static double[] ToDoubles(this OnnxTensor tensor) =>
        tensor.ElementType switch
        {
            OnnxElementType.Double => tensor.Span<double>().ToArray(),
            OnnxElementType.Float or OnnxElementType.Float16 or OnnxElementType.BFloat16 => [.. tensor.ToFloats().Select(v => (double)v)],
            _ => [.. tensor.ToInt64s().Select(v => (double)v)],
        };

    /// <summary>A tensor of floats, in 32 or 64 bits.</summary>
    public static OnnxTensor Floats(string name, ReadOnlySpan<long> shape, double[] values, bool float64) =>
        float64
            ? OnnxTensor.FromArray(name, OnnxElementType.Double, shape, values)
            : OnnxTensor.FromFloats(name, shape, [.. values.Select(v => (float)v)]);
}
