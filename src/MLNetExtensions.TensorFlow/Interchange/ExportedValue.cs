namespace MLNetExtensions.TensorFlow.Interchange;

/// <summary>An input or output of an exported graph.</summary>
/// <param name="Name">Its name in ONNX.</param>
/// <param name="Value">TensorFlow's, as <c>node:0</c>.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The sizes, -1 if one is open.</param>
internal sealed record ExportedValue(string Name, string Value, DataType Type, long[] Shape);
