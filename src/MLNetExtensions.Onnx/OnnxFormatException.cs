namespace MLNetExtensions.Onnx;

/// <summary>A file is not a well-formed ONNX model, or uses a part of the format that is not supported; the message names the place.</summary>
public sealed class OnnxFormatException : Exception
{
    /// <summary>Makes the exception.</summary>
    public OnnxFormatException(string message) : base(message)
    {
    }

    /// <summary>Makes the exception with its cause.</summary>
    public OnnxFormatException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
