namespace MLNetExtensions.Onnx.Surgery;

/// <summary>The location of a network's features in its graph.</summary>
/// <param name="Value">The value's name.</param>
/// <param name="Quantization">The names of their scale and zero point, if they may be 8-bit integers. Null if they are floats.</param>
internal sealed record Features(string Value, IReadOnlyList<string>? Quantization = null);
