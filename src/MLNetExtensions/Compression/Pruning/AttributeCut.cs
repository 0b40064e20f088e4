using MLNetExtensions.Onnx;

namespace MLNetExtensions.Compression.Pruning;

/// <summary>An attribute that counts channels: the groups of a depthwise layer.</summary>
/// <param name="Node">The node.</param>
/// <param name="Attribute">Its attribute.</param>
/// <param name="Ids">The channels that are counted.</param>
internal sealed record AttributeCut(OnnxNode Node, string Attribute, int[] Ids) : ChannelCut;
