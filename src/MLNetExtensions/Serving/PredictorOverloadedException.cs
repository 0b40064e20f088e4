namespace MLNetExtensions.Serving;

/// <summary>The exception for a request to a full predictor, which was not processed. Try again after <see cref="RetryAfter"/>.</summary>
public sealed class PredictorOverloadedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="capacity">The number of requests that the predictor may hold.</param>
    /// <param name="retryAfter">The time to wait before trying again.</param>
    public PredictorOverloadedException(int capacity, TimeSpan retryAfter)
        : base(
            $"The predictor is overloaded: it holds {capacity} requests, as many as QueueCapacity allows. Try again in "
                + $"{retryAfter.TotalSeconds:0.###} s "
                + "(HTTP 503 with Retry-After), add machines, or set WhenFull = QueueFullMode.Wait."
        )
    {
        Capacity = capacity;
        RetryAfter = retryAfter;
    }

    /// <summary>The number of requests that the predictor may hold.</summary>
    public int Capacity { get; }

    /// <summary>The approximate time until the requests that the predictor holds are answered.</summary>
    public TimeSpan RetryAfter { get; }
}
