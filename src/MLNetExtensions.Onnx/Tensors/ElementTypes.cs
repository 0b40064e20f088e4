namespace MLNetExtensions.Onnx.Tensors;

/// <summary>The kinds of numbers that element types hold.</summary>
internal static class ElementTypes
{
    /// <summary>The type of a number in a file; undefined where it stands for none.</summary>
    public static OnnxElementType Of(long number) =>
        number is >= 0 and <= byte.MaxValue && Enum.IsDefined((OnnxElementType)number)
            ? (OnnxElementType)number
            : OnnxElementType.Undefined;

    extension(OnnxElementType type)
    {
        public bool IsFloatingPoint =>
            type is OnnxElementType.Float or OnnxElementType.Double or OnnxElementType.Float16 or OnnxElementType.BFloat16;
    }
}
