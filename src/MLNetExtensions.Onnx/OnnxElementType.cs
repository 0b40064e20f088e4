namespace MLNetExtensions.Onnx;

/// <summary>The element type of an ONNX tensor; the numbers are those of the file format (TensorProto.DataType).</summary>
public enum OnnxElementType
{
    /// <summary>Not stated in the file.</summary>
    Undefined = 0,

    /// <summary>32-bit float.</summary>
    Float = 1,

    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8 = 2,

    /// <summary>Signed 8-bit integer.</summary>
    Int8 = 3,

    /// <summary>Unsigned 16-bit integer.</summary>
    UInt16 = 4,

    /// <summary>Signed 16-bit integer.</summary>
    Int16 = 5,

    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 6,

    /// <summary>Signed 64-bit integer.</summary>
    Int64 = 7,

    /// <summary>UTF-8 text.</summary>
    String = 8,

    /// <summary>Boolean, a byte each.</summary>
    Bool = 9,

    /// <summary>16-bit float.</summary>
    Float16 = 10,

    /// <summary>64-bit float.</summary>
    Double = 11,

    /// <summary>Unsigned 32-bit integer.</summary>
    UInt32 = 12,

    /// <summary>Unsigned 64-bit integer.</summary>
    UInt64 = 13,

    /// <summary>16-bit float with 8 exponent bits.</summary>
    BFloat16 = 16,

    /// <summary>8-bit float with 4 exponent bits. Stored and copied only; no arithmetic.</summary>
    Float8E4M3FN = 17,

    /// <summary>8-bit float with 4 exponent bits and no negative zero. Stored and copied only; no arithmetic.</summary>
    Float8E4M3FNUZ = 18,

    /// <summary>8-bit float with 5 exponent bits. Stored and copied only; no arithmetic.</summary>
    Float8E5M2 = 19,

    /// <summary>8-bit float with 5 exponent bits and no negative zero. Stored and copied only; no arithmetic.</summary>
    Float8E5M2FNUZ = 20,

    /// <summary>Unsigned 4-bit integer, two to a byte. Stored and copied only; no arithmetic.</summary>
    UInt4 = 21,

    /// <summary>Signed 4-bit integer, two to a byte. Stored and copied only; no arithmetic.</summary>
    Int4 = 22,

    /// <summary>4-bit float with 2 exponent bits, two to a byte. Stored and copied only; no arithmetic.</summary>
    Float4E2M1 = 23,
}
