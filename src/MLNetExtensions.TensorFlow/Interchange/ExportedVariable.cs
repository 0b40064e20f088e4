using MLNetExtensions.Onnx;

namespace MLNetExtensions.TensorFlow.Interchange;

/// <summary>A weight of an exported graph.</summary>
/// <param name="Name">The variable's node, and its key in the checkpoint.</param>
/// <param name="Tensor">Its values, in the variable's order.</param>
/// <param name="Handle">The variable; only valid while the graph is built, as <paramref name="Read"/>.</param>
/// <param name="Read">Its content.</param>
/// <param name="IsTrainable">True if it is a parameter and not a statistic.</param>
internal sealed record ExportedVariable(string Name, OnnxTensor Tensor, Symbol Handle, Symbol Read, bool IsTrainable);
