namespace MLNetExtensions.TensorFlow;

/// <summary>
/// The exception for a failed call of TensorFlow's library. The message names the op and node and contains TensorFlow's own message.
/// </summary>
public sealed class TensorFlowException : Exception
{
    internal TensorFlowException(TensorFlowErrorCode code, string message)
        : base(message) => Code = code;

    /// <summary>TensorFlow's code.</summary>
    public TensorFlowErrorCode Code { get; }

    /// <summary>True if the error comes from this process, whatever other workers do.</summary>
    internal bool IsOwn =>
        Code is TensorFlowErrorCode.InvalidArgument or TensorFlowErrorCode.Unimplemented or TensorFlowErrorCode.ResourceExhausted;
}
