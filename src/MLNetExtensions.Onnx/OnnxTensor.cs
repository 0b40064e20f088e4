using System.Runtime.InteropServices;

namespace MLNetExtensions.Onnx;

/// <summary>
/// An immutable tensor of an ONNX file: an initializer or a tensor attribute. Numbers are little-endian, in C order.
/// </summary>
public sealed class OnnxTensor
{
    private readonly ReadOnlyMemory<byte> _raw;
    private readonly string[]? _strings;

    /// <summary>The most dimensions that a tensor may have.</summary>
    internal const int MaxDimensions = 64;

    /// <summary>More elements than any machine holds; the bytes of as many still are a number.</summary>
    internal const long MaxElements = 1L << 40;

    internal OnnxTensor(string name, OnnxElementType elementType, long[] shape, ReadOnlyMemory<byte> raw, string[]? strings = null)
    {
        Name = name;
        ElementType = elementType;
        Shape = shape;
        _raw = raw;
        _strings = strings;
    }

    /// <summary>The name of the value that this tensor holds; empty for tensor attributes.</summary>
    public string Name { get; }

    /// <summary>The type of each element.</summary>
    public OnnxElementType ElementType { get; }

    /// <summary>The sizes of the dimensions; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The number of elements: the product of <see cref="Shape"/>.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>The elements' bytes, little-endian; empty for text.</summary>
    public ReadOnlyMemory<byte> RawData => _raw;

    /// <summary>The elements of a text tensor; empty for numbers.</summary>
    public IReadOnlyList<string> Strings => _strings ?? [];

    /// <summary>False if the elements are made when they are read (<see cref="DeferredBytes"/>).</summary>
    internal bool IsStored => !MemoryMarshal.TryGetMemoryManager<byte, DeferredBytes>(_raw, out _);

    /// <summary>Makes a float tensor. The values are not copied.</summary>
    /// <exception cref="ArgumentException">The number of values is not the product of <paramref name="shape"/>.</exception>
    public static OnnxTensor FromFloats(string name, ReadOnlySpan<long> shape, float[] values) =>
        FromArray(name, OnnxElementType.Float, shape, values);

    /// <summary>Makes a 64-bit integer tensor. The values are not copied.</summary>
    /// <exception cref="ArgumentException">The number of values is not the product of <paramref name="shape"/>.</exception>
    public static OnnxTensor FromInt64s(string name, ReadOnlySpan<long> shape, long[] values) =>
        FromArray(name, OnnxElementType.Int64, shape, values);

    /// <summary>Makes a text tensor.</summary>
    public static OnnxTensor FromStrings(string name, ReadOnlySpan<long> shape, string[] values)
    {
        CheckCount(name, shape, values.Length);
        return new OnnxTensor(name, OnnxElementType.String, shape.ToArray(), default, values);
    }

    /// <summary>The same content under another name.</summary>
    public OnnxTensor Rename(string name) => new(name, ElementType, [.. Shape], _raw, _strings);

    /// <summary>The same content in another shape.</summary>
    public OnnxTensor Reshape(ReadOnlySpan<long> shape)
    {
        CheckCount(Name, shape, Count);
        return new OnnxTensor(Name, ElementType, shape.ToArray(), _raw, _strings);
    }

    /// <summary>The elements as floats: a copy, converted from any number type.</summary>
    public float[] ToFloats() =>
        ElementType switch
        {
            OnnxElementType.Float => Span<float>().ToArray(),
            OnnxElementType.Double => Convert<double, float>(v => (float)v),
            OnnxElementType.Float16 => Convert<Half, float>(v => (float)v),
            OnnxElementType.BFloat16 => Convert<ushort, float>(v => BitConverter.UInt32BitsToSingle((uint)v << 16)),
            _ => [.. ToInt64s().Select(v => (float)v)],
        };

    /// <summary>The elements as 64-bit integers: a copy, converted from any number type (fractions are truncated).</summary>
    public long[] ToInt64s() =>
        ElementType switch
        {
            OnnxElementType.Int64 => Span<long>().ToArray(),
            OnnxElementType.UInt64 => Convert<ulong, long>(v => unchecked((long)v)),
            OnnxElementType.Int32 => Convert<int, long>(v => v),
            OnnxElementType.UInt32 => Convert<uint, long>(v => v),
            OnnxElementType.Int16 => Convert<short, long>(v => v),
            OnnxElementType.UInt16 => Convert<ushort, long>(v => v),
            OnnxElementType.Int8 => Convert<sbyte, long>(v => v),
            OnnxElementType.UInt8 => Convert<byte, long>(v => v),
            OnnxElementType.Bool => Convert<byte, long>(v => v != 0 ? 1 : 0),
            OnnxElementType.Float or OnnxElementType.Double or OnnxElementType.Float16 or OnnxElementType.BFloat16 =>
            [
                .. ToFloats().Select(v => unchecked((long)v)),
            ],
            _ => throw new InvalidOperationException($"Tensor '{Name}' of type {ElementType} does not hold numbers."),
        };

    /// <summary>The elements, without copying.</summary>
    /// <typeparam name="T">A type of the size of the element type: float for Float, long for Int64 ...</typeparam>
    /// <exception cref="InvalidOperationException">The size of <typeparamref name="T"/> is not that of the element type.</exception>
    public ReadOnlySpan<T> Span<T>()
        where T : unmanaged
    {
        if (System.Runtime.CompilerServices.Unsafe.SizeOf<T>() != SizeOf(ElementType))
            throw new InvalidOperationException($"Tensor '{Name}' holds {ElementType}, which cannot be read as {typeof(T).Name}.");
        return MemoryMarshal.Cast<byte, T>(_raw.Span);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {ElementType}[{string.Join(',', Shape)}]";

    internal static OnnxTensor FromArray<T>(string name, OnnxElementType type, ReadOnlySpan<long> shape, T[] values)
        where T : unmanaged
    {
        CheckCount(name, shape, values.Length);
        return new OnnxTensor(name, type, shape.ToArray(), new ArrayBytes<T>(values).Memory);
    }

    internal static int SizeOf(OnnxElementType type) =>
        type switch
        {
            OnnxElementType.Float or OnnxElementType.Int32 or OnnxElementType.UInt32 => 4,
            OnnxElementType.Double or OnnxElementType.Int64 or OnnxElementType.UInt64 => 8,
            OnnxElementType.Float16 or OnnxElementType.BFloat16 or OnnxElementType.Int16 or OnnxElementType.UInt16 => 2,
            OnnxElementType.UInt8
            or OnnxElementType.Int8
            or OnnxElementType.Bool
            or OnnxElementType.Float8E4M3FN
            or OnnxElementType.Float8E4M3FNUZ
            or OnnxElementType.Float8E5M2
            or OnnxElementType.Float8E5M2FNUZ => 1,
            _ => throw new InvalidOperationException($"Element type {type} has no fixed size."),
        };

    /// <summary>The size in bytes of a number of elements; 4-bit numbers are two to a byte.</summary>
    internal static long BytesOf(OnnxElementType type, long count) =>
        type is OnnxElementType.UInt4 or OnnxElementType.Int4 or OnnxElementType.Float4E2M1
            ? count / 2 + count % 2
            : checked(count * SizeOf(type));

    /// <summary>
    /// The bytes of a tensor that one array holds; null where a size is negative, there would be over 2 GB, or elements have no size.
    /// </summary>
    internal static int? SizeInBytes(OnnxElementType type, IReadOnlyList<long> shape) =>
        TensorCheck.CountOf(shape) is { } count && TensorCheck.BytesOf((int)type, count) is { } bytes && bytes <= Array.MaxLength
            ? (int)bytes
            : null;

    private static void CheckCount(string name, ReadOnlySpan<long> shape, long count)
    {
        long expected = 1;
        foreach (long size in shape)
            expected = checked(expected * size);
        if (expected != count)
            throw new ArgumentException($"Tensor '{name}': {count} values do not fill the shape [{string.Join(',', shape.ToArray())}].");
    }

    private TTo[] Convert<TFrom, TTo>(Func<TFrom, TTo> convert)
        where TFrom : unmanaged
    {
        ReadOnlySpan<TFrom> from = Span<TFrom>();
        var to = new TTo[from.Length];
        for (int i = 0; i < to.Length; i++)
            to[i] = convert(from[i]);
        return to;
    }

    /// <summary>Views an array of numbers as bytes without copying it.</summary>
    private sealed class ArrayBytes<T>(T[] values) : System.Buffers.MemoryManager<byte>
        where T : unmanaged
    {
        public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(values.AsSpan());

        public override unsafe System.Buffers.MemoryHandle Pin(int elementIndex = 0)
        {
            var handle = GCHandle.Alloc(values, GCHandleType.Pinned);
            return new System.Buffers.MemoryHandle((byte*)handle.AddrOfPinnedObject() + elementIndex, handle, this);
        }

        public override void Unpin() { }

        protected override void Dispose(bool disposing) { }
    }
}
