using MLNetExtensions.Onnx.Lowering;

namespace MLNetExtensions.Onnx.Operators;

/// <summary>
/// A node is well formed but cannot be lowered; <see cref="GraphLowering"/> collects these into one error for the whole graph.
/// </summary>
internal sealed class UnsupportedNodeException(string reason) : Exception(reason);
