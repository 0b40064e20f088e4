namespace MLNetExtensions.Onnx;

/// <summary>Sizes that a file states of values which it does not hold: nothing bears them out, so they have bounds of their own.</summary>
internal static class StatedShape
{
    // ONNX Runtime takes a list of whole numbers for a shape, and makes as many dimensions of it.
    private const long MaxListed = 1 << 20;

    // No image is wider.
    private const long MaxWindow = 1 << 16;

    private static readonly HashSet<string> Windows = ["dilations", "kernel_shape", "output_padding", "output_shape", "pads", "strides"];

    /// <summary>Describes what no window over an image can have; null if it can be so, or the attribute is none of a window's.</summary>
    /// <param name="attribute">The attribute's name.</param>
    /// <param name="numbers">Its numbers.</param>
    public static string? Problem(string attribute, IEnumerable<long> numbers) =>
        Windows.Contains(attribute) && numbers.FirstOrDefault(n => n is > MaxWindow or < -MaxWindow) is not 0 and var number
            ? $"its {attribute} hold {number}; expected {MaxWindow} at most."
            : null;

    /// <summary>Describes what no value can have; null if a value can be so.</summary>
    /// <param name="name">The value.</param>
    /// <param name="elementType">Its element type.</param>
    /// <param name="sizes">Its known sizes; open ones are left out.</param>
    /// <param name="rank">The number of its dimensions.</param>
    public static string? Problem(string name, OnnxElementType elementType, IReadOnlyList<long> sizes, int rank) =>
        rank > OnnxTensor.MaxDimensions ? $"the value '{name}' has {rank} dimensions; expected {OnnxTensor.MaxDimensions} at most."
        : sizes.Any(size => size > int.MaxValue) || TensorCheck.CountOf(sizes) is null or > OnnxTensor.MaxElements
            ? $"the value '{name}' has the sizes [{string.Join(',', sizes)}], more than can be."
        : elementType is OnnxElementType.Int32 or OnnxElementType.Int64 && rank == 1 && sizes is [> MaxListed]
            ? $"the value '{name}' is a list of {sizes[0]} whole numbers; expected {MaxListed} at most."
        : null;
}
