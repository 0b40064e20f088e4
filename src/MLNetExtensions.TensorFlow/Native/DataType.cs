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
