using System.Collections.Concurrent;
using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Serving;
using Xunit;

namespace MLNetExtensions.Tests.Serving;

/// <summary>A real network whose runs wait at a gate, so that tests decide what is under way; it counts them.</summary>
internal sealed class GatedNetwork(IImageNetwork network, bool isOpen = true) : IImageNetwork
{
    private readonly ManualResetEventSlim _gate = new(isOpen);
    private readonly ConcurrentQueue<int> _batches = new();
    private readonly ConcurrentQueue<bool> _alone = new();

    public ScoringPlan Plan => network.Plan;

    public PixelWriter Writer => network.Writer;

    /// <summary>The sizes of the batches that have begun.</summary>
    public IReadOnlyList<int> Batches => [.. _batches];

    public bool IsDisposed { get; private set; }

    public Exception? Error { get; set; }

    public void Open() => _gate.Set();

    public void Close() => _gate.Reset();

    /// <summary>Waits until so many batches have begun.</summary>
    public void WaitForBatches(int count) => Assert.True(SpinWait.SpinUntil(() => _batches.Count >= count, TimeSpan.FromSeconds(60)), $"{_batches.Count} batches of {count}");

    /// <summary>Whether each batch was run as the only one.</summary>
    public IReadOnlyList<bool> Alone => [.. _alone];

    public void Run(ScoreBatch batch, bool alone)
    {
        _alone.Enqueue(alone);
        _batches.Enqueue(batch.Count);
        _gate.Wait();
        if (Error is { } error)
            throw error;
        network.Run(batch, alone);
    }

    public void Dispose()
    {
        Assert.False(IsDisposed);
        IsDisposed = true;
        network.Dispose();
    }
}
