namespace MLNetExtensions.Onnx;

/// <summary>
/// The exception for a file that is not a well-formed ONNX model, or uses an unsupported part of the format; the message names the place.
/// </summary>
public sealed class OnnxFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    public OnnxFormatException(string message)
        : base(message) { }

    /// <summary>Creates the exception with its cause.</summary>
    public OnnxFormatException(string message, Exception innerException)
        : base(message, innerException) { }
}
