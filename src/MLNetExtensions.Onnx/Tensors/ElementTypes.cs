namespace MLNetExtensions.Onnx.Tensors;

/// <summary>What kind of numbers an element type holds.</summary>
internal static class ElementTypes
{
    extension(OnnxElementType type)
    {
        public bool IsFloatingPoint =>
            type is OnnxElementType.Float or OnnxElementType.Double or OnnxElementType.Float16 or OnnxElementType.BFloat16;
    }
}
