namespace MLNetExtensions.Onnx.Surgery;

/// <summary>Where a network's features are.</summary>
/// <param name="Value">The value's name.</param>
/// <param name="Quantization">Where they may be 8-bit integers: the names of their scale and zero point. Null where they are floats.</param>
internal sealed record Features(string Value, IReadOnlyList<string>? Quantization = null);
