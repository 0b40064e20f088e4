namespace MLNetExtensions.Onnx.Operators;

/// <summary>A runtime's kernel cannot do what its node asks.</summary>
internal sealed class UnsupportedOpException(string reason) : Exception(reason);
