using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>Converts ONNX's element types to libtorch's.</summary>
internal static class ElementTypes
{
    /// <summary>
    /// The libtorch type that holds values of an ONNX type. Unsigned 16- and 32-bit integers go to the next wider signed type, because
    /// libtorch's own have almost no operators; unsigned 64-bit ones keep their bits.
    /// </summary>
    /// <exception cref="UnsupportedOpException">libtorch has no such type.</exception>
    public static torch.ScalarType ToScalarType(this OnnxElementType type) =>
        type switch
        {
            OnnxElementType.Float => torch.ScalarType.Float32,
            OnnxElementType.Double => torch.ScalarType.Float64,
            OnnxElementType.Float16 => torch.ScalarType.Float16,
            OnnxElementType.BFloat16 => torch.ScalarType.BFloat16,
            OnnxElementType.Bool => torch.ScalarType.Bool,
            OnnxElementType.UInt8 => torch.ScalarType.Byte,
            OnnxElementType.Int8 => torch.ScalarType.Int8,
            OnnxElementType.Int16 => torch.ScalarType.Int16,
            OnnxElementType.Int32 or OnnxElementType.UInt16 => torch.ScalarType.Int32,
            OnnxElementType.Int64 or OnnxElementType.UInt32 or OnnxElementType.UInt64 => torch.ScalarType.Int64,
            _ => throw new UnsupportedOpException($"the element type {type}"),
        };

    /// <summary>True if the type is a floating-point type.</summary>
    public static bool IsFloating(this OnnxElementType type) =>
        type is OnnxElementType.Float or OnnxElementType.Double or OnnxElementType.Float16 or OnnxElementType.BFloat16;
}
