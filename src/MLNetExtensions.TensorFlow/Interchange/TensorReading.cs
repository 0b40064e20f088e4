using MLNetExtensions.Onnx;
using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Interchange;

/// <summary>TensorFlow's constants as ONNX tensors.</summary>
internal static class TensorReading
{
    /// <summary>The most values that one number stands for: biases and running statistics start as one, weights are drawn.</summary>
    public const int MaxRepeated = 4 << 20;

    /// <summary>The ONNX type of a TensorFlow DataType number.</summary>
    public static OnnxElementType? TypeOf(int number)
    {
        foreach (OnnxElementType type in Enum.GetValues<OnnxElementType>())
            if (type.ToDataType() is { } known && (int)known == number)
                return type;
        return null;
    }

    /// <summary>A constant.</summary>
    /// <exception cref="TensorFlowFormatException">It is damaged or of a type that ONNX lacks.</exception>
    public static OnnxTensor Read(TensorProto proto, string name)
    {
        OnnxElementType type = TypeOf(proto.Dtype) is { } known and not OnnxElementType.String
            ? known
            : throw new TensorFlowFormatException($"Constant '{name}' has type number {proto.Dtype}, which cannot be imported.");
        long[] shape = [.. proto.TensorShape?.Dim.Select(d => d.Size) ?? []];
        int bytes =
            (shape.Length > OnnxTensor.MaxDimensions ? null : OnnxTensor.SizeInBytes(type, shape))
            ?? throw new TensorFlowFormatException($"Constant '{name}' has the impossible shape [{string.Join(',', shape)}].");
        int count = bytes / OnnxTensor.SizeOf(type);
        if (proto.TensorContent.Length > 0)
        {
            return proto.TensorContent.Length == bytes
                ? new OnnxTensor(name, type, shape, proto.TensorContent.Memory)
                : throw new TensorFlowFormatException(
                    $"Constant '{name}' of shape [{string.Join(',', shape)}] holds {proto.TensorContent.Length} bytes, not {bytes}."
                );
        }
        return type switch
        {
            OnnxElementType.Float => Fill(proto.FloatVal.ToArray()),
            OnnxElementType.Double => Fill(proto.DoubleVal.ToArray()),
            OnnxElementType.Int64 => Fill(proto.Int64Val.ToArray()),
            OnnxElementType.Int32 => Fill(proto.IntVal.ToArray()),
            OnnxElementType.Bool => Fill([.. proto.BoolVal.Select(b => b ? (byte)1 : (byte)0)]),
            OnnxElementType.UInt8 => Fill([.. proto.IntVal.Select(v => (byte)v)]),
            OnnxElementType.Int8 => Fill([.. proto.IntVal.Select(v => (sbyte)v)]),
            OnnxElementType.UInt16 => Fill([.. proto.IntVal.Select(v => (ushort)v)]),
            OnnxElementType.Int16 => Fill([.. proto.IntVal.Select(v => (short)v)]),
            OnnxElementType.Float16 or OnnxElementType.BFloat16 => Fill([.. proto.HalfVal.Select(v => (ushort)v)]),
            _ => throw new TensorFlowFormatException($"Constant '{name}' of type {type} holds no bytes."),
        };

        // The list may stop where the last value repeats; an empty one is zeros.
        OnnxTensor Fill<T>(T[] values)
            where T : unmanaged
        {
            if (values.Length > count)
                throw new TensorFlowFormatException(
                    $"Constant '{name}' of shape [{string.Join(',', shape)}] holds {values.Length} values."
                );
            if (count - values.Length > MaxRepeated)
                throw new TensorFlowFormatException(
                    $"Constant '{name}' of shape [{string.Join(',', shape)}] holds {values.Length} values and repeats the last one; at most "
                        + $"{MaxRepeated} times are read."
                );
            var all = new T[count];
            values.CopyTo(all, 0);
            if (values.Length > 0)
                all.AsSpan(values.Length).Fill(values[^1]);
            return OnnxTensor.FromArray(name, type, shape, all);
        }
    }
}
