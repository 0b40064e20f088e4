namespace MLNetExtensions.Onnx.Operators;

/// <summary>
/// A graph made ready for a runtime, for one set of input shapes: every shape is known, everything computed from shapes and constants is an
/// initializer, older operator forms are written in their opset-22 form, and composites the runtime does not do itself are decomposed.
/// </summary>
/// <param name="Graph">The graph. Its parameters keep the names they have in the source graph.</param>
/// <param name="Types">The type of every value of the graph.</param>
internal sealed record LoweredGraph(OnnxGraph Graph, IReadOnlyDictionary<string, TensorType> Types);
