using MLNetExtensions.Imaging;

namespace MLNetExtensions.Scoring.Batches;

/// <summary>Lists pictures that could not be read and were given missing scores. Thread-safe; a picture that is met again is listed once.</summary>
internal sealed class BadImageLog(Action<string> warn)
{
    // Memory stays constant however many pictures are bad.
    private const int MaxListed = 10_000;

    private readonly Dictionary<(long, string?), BadImage> _listed = [];

    /// <summary>The pictures, in the order of their rows.</summary>
    public IReadOnlyList<BadImage> Listed
    {
        get
        {
            lock (_listed)
                return [.. _listed.Values.OrderBy(bad => bad.Row)];
        }
    }

    public void Add(BadImageException bad)
    {
        lock (_listed)
            if (_listed.Count >= MaxListed || !_listed.TryAdd((bad.Row, bad.Path), new BadImage(bad.Row, bad.Path, bad.Reason)))
                return;
        warn($"Row {bad.Row}{(bad.Path is null ? "" : $", '{bad.Path}'")}, has no score: {bad.Reason}.");
    }
}
