namespace MLNetExtensions.Onnx.Surgery;

/// <summary>The location of a network's features in its graph.</summary>
/// <param name="Value">The value's name.</param>
/// <param name="Quantization">Where they may be 8-bit integers: the names of their scale and zero point. Null where they are floats.</param>
internal sealed record Features(string Value, IReadOnlyList<string>? Quantization = null);
