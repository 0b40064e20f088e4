namespace MLNetExtensions.Serving;

/// <summary>The places for requests inside a predictor, and how long requests take at present. Thread-safe.</summary>
internal sealed class Admission(int capacity) : IDisposable
{
    // Before anything is answered nothing is known.
    private static readonly TimeSpan UnknownDuration = TimeSpan.FromSeconds(1);

    // The weight of the newest duration in the running mean.
    private const double NewestWeight = 0.05;

    private readonly SemaphoreSlim _places = new(capacity);
    private double _seconds;

    public int Capacity => capacity;

    /// <summary>The requests inside.</summary>
    public int Inside => capacity - _places.CurrentCount;

    /// <summary>
    /// When a full predictor is worth asking again. By Little's law what is inside is answered in about the time that a request now takes.
    /// </summary>
    public TimeSpan RetryAfter
    {
        get
        {
            double seconds = Volatile.Read(ref _seconds);
            return seconds > 0 ? TimeSpan.FromSeconds(seconds) : UnknownDuration;
        }
    }

    public bool TryEnter() => _places.Wait(0);

    /// <summary>Waits for a place.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public Task EnterAsync(CancellationToken cancellation) => _places.WaitAsync(cancellation);

    public void Leave() => _places.Release();

    /// <summary>Notes how long a request took from its call to its answer.</summary>
    public void Note(TimeSpan duration)
    {
        // A lost update of a mean does not matter.
        double mean = Volatile.Read(ref _seconds);
        Volatile.Write(ref _seconds, mean > 0 ? mean + NewestWeight * (duration.TotalSeconds - mean) : duration.TotalSeconds);
    }

    public void Dispose() => _places.Dispose();
}
