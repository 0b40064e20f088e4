using MLNetExtensions.Onnx;

namespace MLNetExtensions.TensorFlow.Native;

/// <summary>TensorFlow's element types (tf_datatype.h), with its numbers.</summary>
internal enum DataType
{
    Float = 1,
    Double = 2,
    Int32 = 3,
    UInt8 = 4,
    Int16 = 5,
    Int8 = 6,
    String = 7,
    Int64 = 9,
    Bool = 10,
    BFloat16 = 14,
    UInt16 = 17,
    Half = 19,
    Resource = 20,
    UInt32 = 22,
    UInt64 = 23,
}

/// <summary>Converts ONNX's element types to TensorFlow's.</summary>
internal static class DataTypes
{
    /// <summary>The same type; null if TensorFlow has none.</summary>
    public static DataType? ToDataType(this OnnxElementType type) => type switch
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
