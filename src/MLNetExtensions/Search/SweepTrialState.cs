namespace MLNetExtensions.Search;

/// <summary>The state in which a sweep left a trial.</summary>
public enum SweepTrialState
{
    /// <summary>It trained to the end.</summary>
    Completed,

    /// <summary>It reached at least one rung, and others were better there.</summary>
    Stopped,

    /// <summary>It failed: an error, or a metric that is not a number.</summary>
    Failed,

    /// <summary>The sweep was canceled, or its time was up, before it reached the first rung.</summary>
    Canceled,
}
