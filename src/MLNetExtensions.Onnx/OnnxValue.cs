namespace MLNetExtensions.Onnx;

/// <summary>A named, typed value: a graph's input, its output, or a value between its nodes.</summary>
/// <param name="Name">The value's name, unique within its graph.</param>
/// <param name="ElementType">The type of each element.</param>
/// <param name="Shape">The dimensions, or null if the file does not state the rank.</param>
public sealed record OnnxValue(string Name, OnnxElementType ElementType, IReadOnlyList<OnnxDimension>? Shape)
{
    /// <summary>Makes a value from sizes; a negative size is an unknown dimension, the first one named <c>batch</c>.</summary>
    public static OnnxValue Create(string name, OnnxElementType elementType, params long[] sizes) =>
        new(
            name,
            elementType,
            [.. sizes.Select((size, axis) => size >= 0 ? new OnnxDimension(size) : new OnnxDimension(null, axis == 0 ? "batch" : null))]
        );

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {ElementType}[{(Shape is null ? "?" : string.Join(',', Shape))}]";
}
