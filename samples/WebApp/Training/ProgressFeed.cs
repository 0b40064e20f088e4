using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace WebAppSample.Training;

/// <summary>The progress of training, for any number of listeners. Whoever reads slowly misses steps, never the last one.</summary>
internal sealed class ProgressFeed(IHostApplicationLifetime lifetime)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Channel<RunProgress>> _listeners = [];
    private RunProgress? _latest;

    /// <summary>The number of listeners.</summary>
    public int Listeners
    {
        get
        {
            lock (_lock)
                return _listeners.Count;
        }
    }

    /// <summary>Tells all listeners.</summary>
    public void Publish(RunProgress progress)
    {
        lock (_lock)
        {
            _latest = progress;
            foreach (Channel<RunProgress> listener in _listeners)
                listener.Writer.TryWrite(progress);
        }
    }

    /// <summary>Gives the latest progress, if any, and all that follows, until the listener or the application goes.</summary>
    public async IAsyncEnumerable<RunProgress> ListenAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        Channel<RunProgress> channel = Channel.CreateBounded<RunProgress>(
            new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        lock (_lock)
        {
            if (_latest is not null)
                channel.Writer.TryWrite(_latest);
            _listeners.Add(channel);
        }
        try
        {
            while (await HasMoreAsync(channel.Reader, either.Token))
            while (channel.Reader.TryRead(out RunProgress? progress))
                yield return progress;
        }
        finally
        {
            lock (_lock)
                _listeners.Remove(channel);
        }
    }

    private static async Task<bool> HasMoreAsync(ChannelReader<RunProgress> reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.WaitToReadAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // The listener has gone: the end of the stream, no error.
            return false;
        }
    }
}
