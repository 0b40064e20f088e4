using System.Runtime.InteropServices;

namespace MLNetExtensions.Onnx.Tensors;

/// <summary>Makes tensors of any number type.</summary>
internal static class Numbers
{
    public static OnnxTensor FromDoubles(string name, OnnxElementType type, ReadOnlySpan<long> shape, double[] values) =>
        type switch
        {
            OnnxElementType.Double => Make<double>(name, type, shape, values),
            OnnxElementType.Float => Make(name, type, shape, Array.ConvertAll(values, v => (float)v)),
            OnnxElementType.Float16 => Make(name, type, shape, Array.ConvertAll(values, v => (Half)v)),
            OnnxElementType.BFloat16 => Make(name, type, shape, Array.ConvertAll(values, v => ToBFloat16((float)v))),
            OnnxElementType.Bool => Make(name, type, shape, Array.ConvertAll(values, v => v != 0 ? (byte)1 : (byte)0)),
            _ => FromInt64s(name, type, shape, Array.ConvertAll(values, v => unchecked((long)v))),
        };

    // Numbers that a type cannot hold wrap around, as in a Cast of ONNX Runtime.
    public static OnnxTensor FromInt64s(string name, OnnxElementType type, ReadOnlySpan<long> shape, long[] values) =>
        type switch
        {
            OnnxElementType.Int64 => Make(name, type, shape, values),
            OnnxElementType.UInt64 => Make(name, type, shape, Array.ConvertAll(values, v => unchecked((ulong)v))),
            OnnxElementType.Int32 => Make(name, type, shape, Array.ConvertAll(values, v => unchecked((int)v))),
            OnnxElementType.UInt32 => Make(name, type, shape, Array.ConvertAll(values, v => unchecked((uint)v))),
            OnnxElementType.Int16 => Make(name, type, shape, Array.ConvertAll(values, v => unchecked((short)v))),
            OnnxElementType.UInt16 => Make(name, type, shape, Array.ConvertAll(values, v => unchecked((ushort)v))),
            OnnxElementType.Int8 => Make(name, type, shape, Array.ConvertAll(values, v => unchecked((sbyte)v))),
            OnnxElementType.UInt8 => Make(name, type, shape, Array.ConvertAll(values, v => unchecked((byte)v))),
            OnnxElementType.Bool => Make(name, type, shape, Array.ConvertAll(values, v => v != 0 ? (byte)1 : (byte)0)),
            _ when type.IsFloatingPoint => FromDoubles(name, type, shape, Array.ConvertAll(values, v => (double)v)),
            _ => throw new InvalidOperationException($"Numbers of {type} cannot be computed."),
        };

    /// <summary>The elements as doubles, from any number type.</summary>
    public static double[] ToDoubles(OnnxTensor tensor) =>
        tensor.ElementType == OnnxElementType.Double
            ? tensor.Span<double>().ToArray()
            : Array.ConvertAll(tensor.ToFloats(), v => (double)v);

    private static OnnxTensor Make<T>(string name, OnnxElementType type, ReadOnlySpan<long> shape, T[] values)
        where T : unmanaged => new(name, type, shape.ToArray(), MemoryMarshal.AsBytes<T>(values).ToArray());

    private static ushort ToBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)0x7fc0 : unchecked((ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16));
    }
}
