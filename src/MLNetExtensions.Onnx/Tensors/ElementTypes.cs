namespace MLNetExtensions.Onnx.Tensors;

/// <summary>The kinds of numbers that element types hold.</summary>
internal static class ElementTypes
{
    extension(OnnxElementType type)
    {
        public bool IsFloatingPoint =>
            type is OnnxElementType.Float or OnnxElementType.Double or OnnxElementType.Float16 or OnnxElementType.BFloat16;
    }
}
