namespace MLNetExtensions.Onnx.Operators;

/// <summary>The element type and the full shape of a value.</summary>
internal sealed record TensorType(OnnxElementType ElementType, long[] Shape)
{
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    public override string ToString() => $"{ElementType}[{string.Join(',', Shape)}]";
}
