using System.Threading.Channels;

namespace WebAppSample.Training;

/// <summary>The training run that waits or trains: one at a time.</summary>
internal sealed class TrainingQueue : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Channel<(int Run, CancellationToken Cancellation)> _waiting = Channel.CreateUnbounded<(int, CancellationToken)>();
    private (int Run, CancellationTokenSource Cancellation)? _current;
    private bool _isTaken;

    /// <summary>Takes the place of the one run.</summary>
    /// <returns>False if a run has it.</returns>
    public bool TryTake()
    {
        lock (_lock)
            return !_isTaken && (_isTaken = true);
    }

    /// <summary>Starts a run, which has the place.</summary>
    public void Start(int run)
    {
        lock (_lock)
        {
            var cancellation = new CancellationTokenSource();
            _current = (run, cancellation);
            _waiting.Writer.TryWrite((run, cancellation.Token));
        }
    }

    /// <summary>Cancels a run.</summary>
    /// <returns>False if it neither waits nor trains.</returns>
    public bool Cancel(int run)
    {
        lock (_lock)
        {
            if (_current?.Run != run)
                return false;
            _current.Value.Cancellation.Cancel();
            return true;
        }
    }

    /// <summary>Gives the place back.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _current?.Cancellation.Dispose();
            (_current, _isTaken) = (null, false);
        }
    }

    /// <summary>The runs to train, as they come.</summary>
    public IAsyncEnumerable<(int Run, CancellationToken Cancellation)> ReadAsync(CancellationToken cancellation) =>
        _waiting.Reader.ReadAllAsync(cancellation);

    public void Dispose() => Release();
}
