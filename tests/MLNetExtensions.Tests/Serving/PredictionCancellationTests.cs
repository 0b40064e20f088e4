using MLNetExtensions.Serving;
using Xunit;

namespace MLNetExtensions.Tests.Serving;

public sealed class PredictionCancellationTests : IDisposable
{
    private readonly ServedImages _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task A_canceled_request_leaves_the_others_of_its_batch_alone()
    {
        var options = new VisionPredictorOptions
        {
            SessionSettings = { Threads = 2 },
            MaxBatchSize = 3,
            MaxDelay = TimeSpan.FromMinutes(1),
        };
        using VisionPredictor predictor = _images.Gated(options, out GatedNetwork network);
        Task<VisionPrediction> first = predictor.PredictAsync(_images.Encoded[0]);
        network.WaitForBatches(1);
        using var cancellation = new CancellationTokenSource();
        Task<VisionPrediction> canceled = predictor.PredictAsync(_images.Encoded[1], cancellation.Token);
        Task<VisionPrediction>[] others = [predictor.PredictAsync(_images.Encoded[2]), predictor.PredictAsync(_images.Encoded[3])];
        network.WaitForBatches(2);

        cancellation.Cancel();

        // At once: the batch is still under way.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);
        Assert.Equal(3, predictor.Status.Requests);
        network.Open();
        _images.Check(await first, 0);
        _images.Check(await others[0], 2);
        _images.Check(await others[1], 3);
    }

    [Fact]
    public async Task A_request_that_is_canceled_before_its_turn_is_not_scored()
    {
        using VisionPredictor predictor = _images.Gated(
            new VisionPredictorOptions { SessionSettings = { Threads = 1 }, QueueCapacity = 4 },
            out GatedNetwork network
        );
        Task<VisionPrediction> first = predictor.PredictAsync(_images.Encoded[0]);
        network.WaitForBatches(1);
        using var cancellation = new CancellationTokenSource();
        Task<VisionPrediction>[] canceled =
        [
            predictor.PredictAsync(_images.Encoded[1], cancellation.Token),
            predictor.PredictAsync(_images.Paths[2], cancellation.Token),
            predictor.PredictAsync(new MemoryStream(_images.Encoded[3]), cancellation.Token),
        ];

        cancellation.Cancel();

        foreach (Task<VisionPrediction> task in canceled)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        // Their places are free although the thread has not come to them.
        Assert.Equal(1, predictor.Status.Requests);
        Task<VisionPrediction> later = predictor.PredictAsync(_images.Encoded[4]);
        network.Open();
        _images.Check(await first, 0);
        _images.Check(await later, 4);
        Assert.Equal([1, 1], network.Batches);
    }

    [Fact]
    public async Task A_canceled_request_ends_when_its_memory_is_no_longer_read()
    {
        using VisionPredictor predictor = _images.Gated(new VisionPredictorOptions(), out _, isOpen: true);
        using var memory = new HeldMemory(_images.Encoded[0]);
        using var cancellation = new CancellationTokenSource();
        Task<VisionPrediction> canceled = predictor.PredictAsync(memory.Memory, cancellation.Token);
        memory.WaitForReader();

        cancellation.Cancel();

        Assert.False(canceled.IsCompleted);
        Assert.Equal(0, predictor.Status.Requests);
        memory.LetRead();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);
    }

    [Fact]
    public async Task A_token_that_is_canceled_already_starts_nothing()
    {
        using VisionPredictor predictor = _images.Gated(new VisionPredictorOptions(), out GatedNetwork network, isOpen: true);
        var canceled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => predictor.PredictAsync(_images.Encoded[0], canceled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => predictor.PredictAsync(_images.Paths[0], canceled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            predictor.PredictAsync(new MemoryStream(_images.Encoded[0]), canceled)
        );

        Assert.Empty(network.Batches);
        Assert.Equal(0, predictor.Status.Requests);
    }

    [Fact]
    public async Task Canceling_at_any_moment_breaks_nothing()
    {
        using VisionPredictor predictor = _images.Gated(
            new VisionPredictorOptions { SessionSettings = { Threads = 2 }, QueueCapacity = 64 },
            out _,
            isOpen: true
        );
        int answered = 0,
            given = 0;

        await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(caller =>
                    Task.Run(async () =>
                    {
                        var random = new Random(caller);
                        for (int i = 0; i < 100; i++)
                        {
                            int image = random.Next(24);
                            using var cancellation = new CancellationTokenSource();
                            Task<VisionPrediction> task = predictor.PredictAsync(_images.Encoded[image], cancellation.Token);
                            if (i % 2 == 0)
                            {
                                Thread.SpinWait(random.Next(20_000));
                                cancellation.Cancel();
                            }
                            try
                            {
                                _images.Check(await task, image);
                                Interlocked.Increment(ref answered);
                            }
                            catch (OperationCanceledException)
                            {
                                Interlocked.Increment(ref given);
                            }
                        }
                    })
                )
        );

        Assert.Equal(1600, answered + given);
        Assert.InRange(answered, 800, 1600);
        Assert.Equal(0, predictor.Status.Requests);
    }
}
