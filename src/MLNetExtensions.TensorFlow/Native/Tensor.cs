using System.Runtime.InteropServices;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.TensorFlow.Native;

/// <summary>A TF_Tensor: fed to a session or fetched from one.</summary>
internal sealed unsafe class Tensor : SafeHandle
{
    private Tensor(IntPtr tensor)
        : base(IntPtr.Zero, ownsHandle: true) => SetHandle(tensor);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == IntPtr.Zero;

    /// <summary>The native tensor, for calls while this object is alive.</summary>
    public IntPtr Native => handle;

    /// <summary>The element type.</summary>
    public DataType Type => NativeMethods.TF_TensorType(handle);

    /// <summary>The sizes.</summary>
    public long[] Shape
    {
        get
        {
            var shape = new long[NativeMethods.TF_NumDims(handle)];
            for (int axis = 0; axis < shape.Length; axis++)
                shape[axis] = NativeMethods.TF_Dim(handle, axis);
            return shape;
        }
    }

    /// <summary>The memory, valid while this object is alive.</summary>
    public Span<byte> Bytes => new(NativeMethods.TF_TensorData(handle), checked((int)NativeMethods.TF_TensorByteSize(handle)));

    /// <summary>The memory as 32-bit floats.</summary>
    public Span<float> Floats => MemoryMarshal.Cast<byte, float>(Bytes);

    /// <summary>A tensor of a fixed-size type; its memory is not set.</summary>
    public static Tensor Allocate(DataType type, ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long size in shape)
            count = checked(count * size);
        fixed (long* sizes = shape)
        {
            IntPtr tensor = NativeMethods.TF_AllocateTensor(type, sizes, shape.Length, checked((nuint)(count * SizeOf(type))));
            return tensor != IntPtr.Zero
                ? new Tensor(tensor)
                : throw new OutOfMemoryException($"TensorFlow has no memory for {type}[{string.Join(',', shape.ToArray())}].");
        }
    }

    /// <summary>A tensor of values in C order.</summary>
    public static Tensor Of<T>(DataType type, ReadOnlySpan<long> shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Tensor tensor = Allocate(type, shape);
        MemoryMarshal.AsBytes(values).CopyTo(tensor.Bytes);
        return tensor;
    }

    /// <summary>A tensor with an initializer's values.</summary>
    public static Tensor Of(OnnxTensor initializer)
    {
        DataType type = initializer.ElementType.ToDataType() is { } known and not DataType.String
            ? known
            : throw new NotSupportedException($"TensorFlow has no counterpart of {initializer}.");
        Tensor tensor = Allocate(type, [.. initializer.Shape]);
        initializer.RawData.Span.CopyTo(tensor.Bytes);
        return tensor;
    }

    /// <summary>Takes over a tensor that a session handed out.</summary>
    public static Tensor Own(IntPtr tensor) => new(tensor);

    /// <summary>The bytes of one element.</summary>
    public static int SizeOf(DataType type) =>
        type switch
        {
            DataType.Double or DataType.Int64 or DataType.UInt64 => 8,
            DataType.Float or DataType.Int32 or DataType.UInt32 => 4,
            DataType.Half or DataType.BFloat16 or DataType.Int16 or DataType.UInt16 => 2,
            DataType.Bool or DataType.Int8 or DataType.UInt8 => 1,
            _ => throw new NotSupportedException($"Elements of type {type} have no fixed size."),
        };

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMethods.TF_DeleteTensor(handle);
        return true;
    }
}
