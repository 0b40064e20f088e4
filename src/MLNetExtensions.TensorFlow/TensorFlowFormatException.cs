namespace MLNetExtensions.TensorFlow;

/// <summary>A file is no TensorFlow model, or has parts that cannot be imported; the message names them.</summary>
public sealed class TensorFlowFormatException : Exception
{
    /// <summary>Makes the exception.</summary>
    public TensorFlowFormatException(string message) : base(message)
    {
    }

    /// <summary>Makes the exception with its cause.</summary>
    public TensorFlowFormatException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
