using MLNetExtensions.Imaging;

namespace MLNetExtensions.Scoring.Batches;

/// <summary>
/// Lists images that could not be read and were given missing scores. Thread-safe; an image that is met again is listed once.
/// </summary>
internal sealed class InvalidImageLog(Action<string> warn)
{
    // Memory stays constant however many images are bad.
    private const int MaxListed = 10_000;

    private readonly Dictionary<(long, string?), InvalidImage> _listed = [];

    /// <summary>The images, in the order of their rows.</summary>
    public IReadOnlyList<InvalidImage> Listed
    {
        get
        {
            lock (_listed)
                return [.. _listed.Values.OrderBy(bad => bad.Row)];
        }
    }

    public void Add(InvalidImageException bad)
    {
        lock (_listed)
            if (_listed.Count >= MaxListed || !_listed.TryAdd((bad.Row, bad.Path), new InvalidImage(bad.Row, bad.Path, bad.Reason)))
                return;
        warn($"Row {bad.Row}{(bad.Path is null ? "" : $", '{bad.Path}'")}, has no score: {bad.Reason}.");
    }
}
