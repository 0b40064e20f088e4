namespace MLNetExtensions.TensorFlow;

/// <summary>
/// The exception for a file that is not a TensorFlow model, or has parts that cannot be imported; the message names them.
/// </summary>
public sealed class TensorFlowFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    public TensorFlowFormatException(string message)
        : base(message) { }

    /// <summary>Creates the exception with its cause.</summary>
    public TensorFlowFormatException(string message, Exception innerException)
        : base(message, innerException) { }
}
