using MLNetExtensions.Onnx;

namespace MLNetExtensions.TensorFlow.Native;

/// <summary>Converts ONNX's element types to TensorFlow's.</summary>
internal static class DataTypes
{
    /// <summary>The same type; null if TensorFlow has none.</summary>
    public static DataType? ToDataType(this OnnxElementType type) =>
        type switch
        {
            OnnxElementType.Float => DataType.Float,
            OnnxElementType.Double => DataType.Double,
            OnnxElementType.Float16 => DataType.Half,
            OnnxElementType.BFloat16 => DataType.BFloat16,
            OnnxElementType.Bool => DataType.Bool,
            OnnxElementType.UInt8 => DataType.UInt8,
            OnnxElementType.Int8 => DataType.Int8,
            OnnxElementType.UInt16 => DataType.UInt16,
            OnnxElementType.Int16 => DataType.Int16,
            OnnxElementType.UInt32 => DataType.UInt32,
            OnnxElementType.Int32 => DataType.Int32,
            OnnxElementType.UInt64 => DataType.UInt64,
            OnnxElementType.Int64 => DataType.Int64,
            OnnxElementType.String => DataType.String,
            _ => null,
        };

    /// <summary>True if the type is a floating-point type.</summary>
    public static bool IsFloating(this DataType type) => type is DataType.Float or DataType.Double or DataType.Half or DataType.BFloat16;
}
