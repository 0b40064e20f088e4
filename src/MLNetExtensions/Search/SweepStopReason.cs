namespace MLNetExtensions.Search;

/// <summary>The reason why a sweep ended.</summary>
public enum SweepStopReason
{
    /// <summary>All trials were made.</summary>
    Completed,

    /// <summary>The time was up: nothing more could have ended in time.</summary>
    TimeBudget,

    /// <summary>The CancellationToken was canceled.</summary>
    Canceled,
}
