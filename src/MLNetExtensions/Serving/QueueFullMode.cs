namespace MLNetExtensions.Serving;

/// <summary>The handling of a request when <see cref="VisionPredictorOptions.QueueCapacity"/> others are in the predictor.</summary>
public enum QueueFullMode
{
    /// <summary>
    /// Fails at once with <see cref="PredictorOverloadedException"/>, which says when to try again. For servers whose clients can.
    /// </summary>
    Reject,

    /// <summary>
    /// Waits for a place, in the order of arrival; the request's cancellation token ends the wait. For producers that are to be slowed
    /// down.
    /// </summary>
    Wait,
}
