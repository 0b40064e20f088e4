namespace MLNetExtensions.Onnx.Operators;

/// <summary>The element type and the full shape of a value.</summary>
internal sealed record TensorType(OnnxElementType ElementType, long[] Shape)
{
    /// <summary>True if there may be such a tensor: no negative sizes, and no more elements than can be.</summary>
    public bool IsPossible =>
        Shape.Length <= OnnxTensor.MaxDimensions && Enum.IsDefined(ElementType) && TensorCheck.CountOf(Shape) is <= OnnxTensor.MaxElements;

    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    public override string ToString() => $"{ElementType}[{string.Join(',', Shape)}]";
}
