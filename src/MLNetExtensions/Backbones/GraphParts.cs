using MLNetExtensions.Onnx;

namespace MLNetExtensions.Backbones;

/// <summary>A network in two parts: what no trainable parameter changes, and the rest.</summary>
/// <param name="Prefix">The frozen part, from the network's inputs to the values that the suffix reads; null if nothing is frozen.</param>
/// <param name="Suffix">The trained part. Its inputs are the prefix's outputs, in their order, then those of the network's inputs that it
/// reads itself.</param>
internal sealed record GraphParts(OnnxGraph? Prefix, OnnxGraph Suffix);
