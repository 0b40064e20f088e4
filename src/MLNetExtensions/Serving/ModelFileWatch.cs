namespace MLNetExtensions.Serving;

/// <summary>
/// Looks at a model file in intervals, which works on network drives, mounted volumes and replaced links too, where notifications do not
/// arrive. A change is told once two looks find the same file, so that a file that is being written is left alone.
/// </summary>
internal sealed class ModelFileWatch : IDisposable
{
    private readonly string _path;
    private readonly Func<CancellationToken, Task> _reload;
    private readonly PeriodicTimer _timer;
    private readonly CancellationTokenSource _stop = new();
    private FileStamp? _known;

    /// <param name="path">The file.</param>
    /// <param name="loaded">The stamp of the file that is in use, from before it was read.</param>
    /// <param name="interval">The time between two looks.</param>
    /// <param name="reload">Loads the current file. It is not called again for the same file, and handles its errors.</param>
    public ModelFileWatch(string path, FileStamp? loaded, TimeSpan interval, Func<CancellationToken, Task> reload)
    {
        _path = path;
        _known = loaded;
        _reload = reload;
        _timer = new PeriodicTimer(interval);
        _ = WatchAsync();
    }

    /// <summary>Stops looking; does not wait for a reload that is under way.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _timer.Dispose();
    }

    private async Task WatchAsync()
    {
        FileStamp? last = _known;
        while (await _timer.WaitForNextTickAsync().ConfigureAwait(false))
        {
            FileStamp? now = FileStamp.Of(_path);
            bool isSettled = now is not null && now == last;
            last = now;
            if (!isSettled || now == _known)
                continue;
            _known = now;
            await _reload(_stop.Token).ConfigureAwait(false);
        }
    }
}
