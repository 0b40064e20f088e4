using System.Collections.Concurrent;
using MLNetExtensions.Imaging;
using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Serving;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Serving;

/// <summary>A real model whose runs wait at a gate, so that tests decide what is under way; it counts them.</summary>
internal sealed class GatedNetwork(
    OnnxSession session,
    ImagePreprocessing preprocessing,
    IReadOnlyList<string> labels,
    VisionPredictorOptions options,
    bool isOpen = true
) : ServedModel(session, preprocessing, labels, options)
{
    private readonly ManualResetEventSlim _gate = new(isOpen);
    private readonly ConcurrentQueue<int> _batches = new();
    private readonly ConcurrentQueue<bool> _alone = new();

    /// <summary>The sizes of the batches that have begun.</summary>
    public IReadOnlyList<int> Batches => [.. _batches];

    public bool IsDisposed { get; private set; }

    public Exception? Error { get; set; }

    public void Open() => _gate.Set();

    public void Close() => _gate.Reset();

    /// <summary>Waits until so many batches have begun.</summary>
    public void WaitForBatches(int count) =>
        Assert.True(SpinWait.SpinUntil(() => _batches.Count >= count, TimeSpan.FromSeconds(60)), $"{_batches.Count} batches of {count}");

    /// <summary>Whether each batch was run as the only one.</summary>
    public IReadOnlyList<bool> Alone => [.. _alone];

    public override void Run(ScoreBatch batch, bool alone)
    {
        _alone.Enqueue(alone);
        _batches.Enqueue(batch.Count);
        _gate.Wait();
        if (Error is { } error)
            throw error;
        base.Run(batch, alone);
    }

    protected override void Free()
    {
        Assert.False(IsDisposed);
        IsDisposed = true;
        base.Free();
    }
}
