using System.Diagnostics;
using MLNetExtensions.Imaging;
using MLNetExtensions.Serving;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Serving;

public sealed class BatchingTests : IDisposable
{
    private readonly ServedImages _images = new(60);

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 16, 2)]
    [InlineData(4, 7, 0)]
    [InlineData(3, 64, 20)]
    public async Task Many_callers_get_the_answers_of_one(int threads, int maxBatchSize, int delay)
    {
        var options = new VisionPredictorOptions
        {
            SessionSettings = { Threads = threads },
            MaxBatchSize = maxBatchSize,
            MaxDelay = TimeSpan.FromMilliseconds(delay),
        };
        using VisionPredictor predictor = _images.Gated(options, out GatedNetwork network, isOpen: true);
        byte[] broken = _images.Encoded[0][..100];

        await Task.WhenAll(
            Enumerable
                .Range(0, 32)
                .Select(caller =>
                    Task.Run(async () =>
                    {
                        for (int i = 0; i < 40; i++)
                        {
                            int image = (caller * 11 + i * 7) % 60;
                            if (image % 10 == 9)
                                await Assert.ThrowsAsync<InvalidImageException>(() => predictor.PredictAsync(broken));
                            else
                                _images.Check(await predictor.PredictAsync(_images.Encoded[image]), image);
                        }
                    })
                )
        );

        Assert.InRange(network.Batches.Max(), 1, maxBatchSize);
        Assert.Equal(0, predictor.Status.Requests);
    }

    [Fact]
    public async Task A_lone_caller_does_not_wait_for_others()
    {
        var options = new VisionPredictorOptions { MaxDelay = TimeSpan.FromMinutes(1) };
        using VisionPredictor predictor = _images.Gated(options, out GatedNetwork network, isOpen: true);
        Task delay = Task.Delay(options.MaxDelay);

        for (int i = 0; i < 5; i++)
        {
            Task answer = predictor.PredictAsync(_images.Encoded[i]);
            Assert.Same(answer, await Task.WhenAny(answer, delay));
            await answer;
        }

        Assert.Equal([1, 1, 1, 1, 1], network.Batches);
        Assert.Equal([true, true, true, true, true], network.Alone);
    }

    [Fact]
    public async Task A_batch_waits_until_it_is_full()
    {
        var options = new VisionPredictorOptions
        {
            SessionSettings = { Threads = 2 },
            MaxBatchSize = 4,
            MaxDelay = TimeSpan.FromMinutes(1),
        };
        using VisionPredictor predictor = _images.Gated(options, out GatedNetwork network);
        List<Task<VisionPrediction>> answers = [predictor.PredictAsync(_images.Encoded[0])];
        network.WaitForBatches(1);

        for (int i = 1; i <= 3; i++)
            answers.Add(predictor.PredictAsync(_images.Encoded[i]));
        await Task.Delay(50);
        Assert.Equal([1], network.Batches);
        answers.Add(predictor.PredictAsync(_images.Encoded[4]));
        network.WaitForBatches(2);

        Assert.Equal([1, 4], network.Batches);
        Assert.Equal([true, false], network.Alone);
        network.Open();
        for (int i = 0; i <= 4; i++)
            _images.Check(await answers[i], i);
    }

    [Fact]
    public async Task A_batch_does_not_wait_longer_than_the_delay()
    {
        var options = new VisionPredictorOptions
        {
            SessionSettings = { Threads = 2 },
            MaxBatchSize = 64,
            MaxDelay = TimeSpan.FromMilliseconds(80),
        };
        using VisionPredictor predictor = _images.Gated(options, out GatedNetwork network);
        List<Task<VisionPrediction>> answers = [predictor.PredictAsync(_images.Encoded[0])];
        network.WaitForBatches(1);

        long started = Stopwatch.GetTimestamp();
        answers.Add(predictor.PredictAsync(_images.Encoded[1]));
        answers.Add(predictor.PredictAsync(_images.Encoded[2]));
        network.WaitForBatches(2);

        Assert.True(Stopwatch.GetElapsedTime(started) >= options.MaxDelay);
        network.Open();
        for (int i = 0; i < 3; i++)
            _images.Check(await answers[i], i);
    }

    [Fact]
    public async Task What_arrives_while_the_thread_is_busy_is_scored_together()
    {
        using VisionPredictor predictor = _images.Gated(
            new VisionPredictorOptions { SessionSettings = { Threads = 1 }, MaxBatchSize = 8 },
            out GatedNetwork network
        );
        List<Task<VisionPrediction>> answers = [predictor.PredictAsync(_images.Encoded[0])];
        network.WaitForBatches(1);

        for (int i = 1; i <= 16; i++)
            answers.Add(predictor.PredictAsync(_images.Encoded[i]));
        network.Open();

        for (int i = 0; i <= 16; i++)
            _images.Check(await answers[i], i);
        Assert.Equal(17, network.Batches.Sum());
        Assert.InRange(network.Batches.Count, 3, 16);
    }

    [Fact]
    public async Task An_error_of_the_network_reaches_the_whole_batch_and_only_that()
    {
        var options = new VisionPredictorOptions
        {
            SessionSettings = { Threads = 2 },
            MaxBatchSize = 2,
            MaxDelay = TimeSpan.FromMinutes(1),
        };
        using VisionPredictor predictor = _images.Gated(options, out GatedNetwork network);
        Task<VisionPrediction> first = predictor.PredictAsync(_images.Encoded[0]);
        network.WaitForBatches(1);
        Task<VisionPrediction>[] others = [predictor.PredictAsync(_images.Encoded[1]), predictor.PredictAsync(_images.Encoded[2])];
        network.WaitForBatches(2);
        network.Error = new ArithmeticException("no room");
        network.Open();

        foreach (Task<VisionPrediction> answer in others.Append(first))
        {
            var error = await Assert.ThrowsAsync<InvalidOperationException>(() => answer);
            Assert.Contains("no room", error.Message);
        }
        network.Error = null;
        _images.Check(await predictor.PredictAsync(_images.Encoded[3]), 3);
    }
}
