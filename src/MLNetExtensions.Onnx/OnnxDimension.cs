using System.Globalization;

namespace MLNetExtensions.Onnx;

/// <summary>One dimension of a value: a number, a name such as <c>batch</c>, or unknown (neither).</summary>
/// <param name="Size">The size, if the file gives a number.</param>
/// <param name="Name">The symbolic name, if the file gives one.</param>
public readonly record struct OnnxDimension(long? Size, string? Name = null)
{
    /// <inheritdoc/>
    public override string ToString() => Size?.ToString(CultureInfo.InvariantCulture) ?? Name ?? "?";
}
