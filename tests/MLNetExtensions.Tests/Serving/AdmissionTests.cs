using Microsoft.ML.Data;
using MLNetExtensions.Serving;
using Xunit;

namespace MLNetExtensions.Tests.Serving;

public sealed class AdmissionTests : IDisposable
{
    private readonly ServedImages _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task A_full_predictor_rejects_and_says_when_to_try_again()
    {
        using VisionPredictor predictor = _images.Gated(
            new VisionPredictorOptions { QueueCapacity = 3, SessionSettings = { Threads = 1 } },
            out GatedNetwork network
        );
        Task<VisionPrediction>[] inside = [.. Enumerable.Range(0, 3).Select(i => predictor.PredictAsync(_images.Encoded[i]))];
        using MLImage image = MLImage.CreateFromFile(_images.Paths[0]);

        var error = await Assert.ThrowsAsync<PredictorOverloadedException>(() => predictor.PredictAsync(_images.Encoded[3]));
        await Assert.ThrowsAsync<PredictorOverloadedException>(() => predictor.PredictAsync(_images.Paths[3]));
        await Assert.ThrowsAsync<PredictorOverloadedException>(() => predictor.PredictAsync(new MemoryStream(_images.Encoded[3])));
        await Assert.ThrowsAsync<PredictorOverloadedException>(() => predictor.PredictAsync(image));
        Assert.Equal(3, predictor.Status.Requests);
        Assert.Equal(3, error.Capacity);
        Assert.Equal(TimeSpan.FromSeconds(1), error.RetryAfter);
        Assert.Contains("it holds 3 requests", error.Message);

        network.Open();
        for (int i = 0; i < 3; i++)
            _images.Check(await inside[i], i);
        _images.Check(await predictor.PredictAsync(_images.Encoded[3]), 3);
    }

    [Fact]
    public void The_hint_follows_the_duration_of_requests()
    {
        using var admission = new Admission(1);

        admission.Note(TimeSpan.FromSeconds(2));
        Assert.Equal(2, admission.RetryAfter.TotalSeconds);
        for (int i = 0; i < 200; i++)
            admission.Note(TimeSpan.FromSeconds(0.5));
        Assert.Equal(0.5, admission.RetryAfter.TotalSeconds, 0.01);
    }

    [Fact]
    public async Task A_full_predictor_makes_callers_wait_where_asked()
    {
        var options = new VisionPredictorOptions
        {
            QueueCapacity = 2,
            SessionSettings = { Threads = 1 },
            WhenFull = QueueFullMode.Wait,
        };
        using VisionPredictor predictor = _images.Gated(options, out GatedNetwork network);

        Task<VisionPrediction>[] answers = [.. Enumerable.Range(0, 20).Select(i => predictor.PredictAsync(_images.Encoded[i]))];
        using MLImage image = MLImage.CreateFromFile(_images.Paths[20]);
        answers = [.. answers, predictor.PredictAsync(image)];
        network.WaitForBatches(1);
        Assert.Equal(2, predictor.Status.Requests);
        Assert.All(answers, a => Assert.False(a.IsCompleted));

        network.Open();
        for (int i = 0; i < answers.Length; i++)
            _images.Check(await answers[i], i);
        Assert.InRange(network.Batches.Max(), 1, 2);
    }

    [Fact]
    public async Task A_place_is_free_before_its_caller_goes_on()
    {
        using VisionPredictor predictor = _images.Gated(new VisionPredictorOptions { QueueCapacity = 1 }, out _, isOpen: true);

        for (int i = 0; i < 500; i++)
            _images.Check(await predictor.PredictAsync(_images.Encoded[i % 24]), i % 24);
    }

    [Fact]
    public async Task Canceling_ends_the_wait_for_a_place()
    {
        var options = new VisionPredictorOptions { QueueCapacity = 1, WhenFull = QueueFullMode.Wait };
        using VisionPredictor predictor = _images.Gated(options, out GatedNetwork network);
        Task<VisionPrediction> inside = predictor.PredictAsync(_images.Encoded[0]);
        using var cancellation = new CancellationTokenSource();
        Task<VisionPrediction> waiting = predictor.PredictAsync(_images.Encoded[1], cancellation.Token);

        cancellation.Cancel();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(cancellation.Token, error.CancellationToken);
        network.Open();
        _images.Check(await inside, 0);
        _images.Check(await predictor.PredictAsync(_images.Encoded[2]), 2);
    }
}
