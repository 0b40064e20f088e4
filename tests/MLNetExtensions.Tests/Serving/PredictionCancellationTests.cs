using MLNetExtensions.Serving;
using Xunit;

namespace MLNetExtensions.Tests.Serving;

public sealed class PredictionCancellationTests : IDisposable
{
    private readonly ServedPictures _pictures = new();

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public async Task ACancelledRequestLeavesTheOthersOfItsBatchAlone()
    {
        var options = new VisionPredictorOptions { SessionSettings = { Threads = 2 }, MaxBatchSize = 3, MaxDelay = TimeSpan.FromMinutes(1) };
        using VisionPredictor predictor = _pictures.Gated(options, out GatedNetwork network);
        Task<VisionPrediction> first = predictor.PredictAsync(_pictures.Encoded[0]);
        network.WaitForBatches(1);
        using var cancellation = new CancellationTokenSource();
        Task<VisionPrediction> cancelled = predictor.PredictAsync(_pictures.Encoded[1], cancellation.Token);
        Task<VisionPrediction>[] others = [predictor.PredictAsync(_pictures.Encoded[2]), predictor.PredictAsync(_pictures.Encoded[3])];
        network.WaitForBatches(2);

        cancellation.Cancel();

        // At once: the batch is still under way.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(3, predictor.Status.Requests);
        network.Open();
        _pictures.Check(await first, 0);
        _pictures.Check(await others[0], 2);
        _pictures.Check(await others[1], 3);
    }

    [Fact]
    public async Task ARequestThatIsCancelledBeforeItsTurnIsNotScored()
    {
        using VisionPredictor predictor = _pictures.Gated(new VisionPredictorOptions { SessionSettings = { Threads = 1 }, QueueCapacity = 4 }, out GatedNetwork network);
        Task<VisionPrediction> first = predictor.PredictAsync(_pictures.Encoded[0]);
        network.WaitForBatches(1);
        using var cancellation = new CancellationTokenSource();
        Task<VisionPrediction>[] cancelled = [predictor.PredictAsync(_pictures.Encoded[1], cancellation.Token),
            predictor.PredictAsync(_pictures.Paths[2], cancellation.Token), predictor.PredictAsync(new MemoryStream(_pictures.Encoded[3]), cancellation.Token)];

        cancellation.Cancel();

        foreach (Task<VisionPrediction> task in cancelled)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        // Their places are free although the thread has not come to them.
        Assert.Equal(1, predictor.Status.Requests);
        Task<VisionPrediction> later = predictor.PredictAsync(_pictures.Encoded[4]);
        network.Open();
        _pictures.Check(await first, 0);
        _pictures.Check(await later, 4);
        Assert.Equal([1, 1], network.Batches);
    }

    [Fact]
    public async Task ATokenThatIsCancelledAlreadyStartsNothing()
    {
        using VisionPredictor predictor = _pictures.Gated(new VisionPredictorOptions(), out GatedNetwork network, isOpen: true);
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => predictor.PredictAsync(_pictures.Encoded[0], cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => predictor.PredictAsync(_pictures.Paths[0], cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => predictor.PredictAsync(new MemoryStream(_pictures.Encoded[0]), cancelled));

        Assert.Empty(network.Batches);
        Assert.Equal(0, predictor.Status.Requests);
    }

    [Fact]
    public async Task CancellingAtAnyMomentBreaksNothing()
    {
        using VisionPredictor predictor = _pictures.Gated(new VisionPredictorOptions { SessionSettings = { Threads = 2 }, QueueCapacity = 64 }, out _, isOpen: true);
        int answered = 0, given = 0;

        await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (int i = 0; i < 100; i++)
            {
                int picture = random.Next(24);
                using var cancellation = new CancellationTokenSource();
                Task<VisionPrediction> task = predictor.PredictAsync(_pictures.Encoded[picture], cancellation.Token);
                if (i % 2 == 0)
                {
                    Thread.SpinWait(random.Next(20_000));
                    cancellation.Cancel();
                }
                try
                {
                    _pictures.Check(await task, picture);
                    Interlocked.Increment(ref answered);
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref given);
                }
            }
        })));

        Assert.Equal(1600, answered + given);
        Assert.InRange(answered, 800, 1600);
        Assert.Equal(0, predictor.Status.Requests);
    }
}
