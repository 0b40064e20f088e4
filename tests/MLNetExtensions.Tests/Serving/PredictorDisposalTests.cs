using Microsoft.ML.Data;
using MLNetExtensions.Serving;
using Xunit;

namespace MLNetExtensions.Tests.Serving;

public sealed class PredictorDisposalTests : IDisposable
{
    private readonly ServedImages _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Requests_being_scored_are_answered_and_all_others_fail()
    {
        var options = new VisionPredictorOptions
        {
            SessionSettings = { Threads = 1 },
            QueueCapacity = 4,
            WhenFull = QueueFullMode.Wait,
        };
        VisionPredictor predictor = _images.Gated(options, out GatedNetwork network);
        Task<VisionPrediction> scored = predictor.PredictAsync(_images.Encoded[0]);
        network.WaitForBatches(1);
        using MLImage image = MLImage.CreateFromFile(_images.Paths[2]);
        // Three are inside, one decoded already; the last two wait for a place.
        Task<VisionPrediction>[] others =
        [
            predictor.PredictAsync(_images.Encoded[1]),
            predictor.PredictAsync(image),
            predictor.PredictAsync(_images.Paths[3]),
            predictor.PredictAsync(_images.Encoded[4]),
            predictor.PredictAsync(new MemoryStream(_images.Encoded[5])),
        ];

        Task disposal = predictor.DisposeAsync().AsTask();

        foreach (Task<VisionPrediction> task in others)
        {
            var error = await Assert.ThrowsAsync<ObjectDisposedException>(() => task);
            Assert.Contains("disposed before this request was answered", error.Message);
        }
        Assert.False(disposal.IsCompleted);
        network.Open();
        _images.Check(await scored, 0);
        await disposal;
        Assert.True(network.IsDisposed);
        Assert.Equal(new VisionPredictorStatus(0, 4, 1, null, true), predictor.Status);
    }

    [Fact]
    public async Task A_disposed_predictor_answers_nothing()
    {
        VisionPredictor predictor = _images.Gated(new VisionPredictorOptions(), out _, isOpen: true);
        predictor.Dispose();
        predictor.Dispose();
        using MLImage image = MLImage.CreateFromFile(_images.Paths[0]);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => predictor.PredictAsync(_images.Encoded[0]));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => predictor.PredictAsync(_images.Paths[0]));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => predictor.PredictAsync(new MemoryStream(_images.Encoded[0])));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => predictor.PredictAsync(image));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => predictor.ProbeAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() =>
            predictor.UpdateModelAsync(() => _images.Open(_images.Second, out _), CancellationToken.None)
        );
    }

    [Fact]
    public async Task Disposing_under_load_ends_every_request()
    {
        for (int round = 0; round < 10; round++)
        {
            VisionPredictor predictor = _images.Gated(
                new VisionPredictorOptions
                {
                    SessionSettings = { Threads = 2 },
                    WhenFull = QueueFullMode.Wait,
                    QueueCapacity = 6,
                },
                out _,
                isOpen: true
            );
            Task[] callers =
            [
                .. Enumerable
                    .Range(0, 12)
                    .Select(caller =>
                        Task.Run(async () =>
                        {
                            for (int i = 0; ; i++)
                            {
                                try
                                {
                                    _images.Check(await predictor.PredictAsync(_images.Encoded[(caller + i) % 24]), (caller + i) % 24);
                                }
                                catch (ObjectDisposedException)
                                {
                                    return;
                                }
                            }
                        })
                    ),
            ];
            await Task.Delay(5 * round);

            await Task.WhenAll(Task.Run(predictor.Dispose), predictor.DisposeAsync().AsTask()).WaitAsync(TimeSpan.FromSeconds(60));

            await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(60));
        }
    }
}
