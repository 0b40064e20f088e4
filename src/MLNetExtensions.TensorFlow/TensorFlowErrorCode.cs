namespace MLNetExtensions.TensorFlow;

/// <summary>TensorFlow's error codes (tf_status.h).</summary>
public enum TensorFlowErrorCode
{
    /// <summary>No error.</summary>
    Ok = 0,

    /// <summary>The call was canceled.</summary>
    Canceled = 1,

    /// <summary>Anything else.</summary>
    Unknown = 2,

    /// <summary>An argument is wrong, such as shapes that do not fit.</summary>
    InvalidArgument = 3,

    /// <summary>A wait took too long.</summary>
    DeadlineExceeded = 4,

    /// <summary>Something named does not exist.</summary>
    NotFound = 5,

    /// <summary>Something exists already.</summary>
    AlreadyExists = 6,

    /// <summary>A file or resource may not be used.</summary>
    PermissionDenied = 7,

    /// <summary>Memory or another resource is used up.</summary>
    ResourceExhausted = 8,

    /// <summary>The state does not allow the call, such as a variable that was not written yet.</summary>
    FailedPrecondition = 9,

    /// <summary>A worker gave up.</summary>
    Aborted = 10,

    /// <summary>An index or end is out of range.</summary>
    OutOfRange = 11,

    /// <summary>An op has no kernel for the device and types.</summary>
    Unimplemented = 12,

    /// <summary>An error inside TensorFlow.</summary>
    Internal = 13,

    /// <summary>Another machine cannot be reached.</summary>
    Unavailable = 14,

    /// <summary>Data was lost or is damaged.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known to the other side.</summary>
    Unauthenticated = 16,
}
