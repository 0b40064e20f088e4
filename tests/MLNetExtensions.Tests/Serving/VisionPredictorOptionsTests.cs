using Microsoft.ML;
using MLNetExtensions.Serving;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Tests.Serving;

public sealed class VisionPredictorOptionsTests
{
    [Fact]
    public void Defaults_are_as_documented()
    {
        var options = new VisionPredictorOptions();

        Assert.Equal("default", options.Name);
        Assert.Equal(16, options.MaxBatchSize);
        Assert.Equal(TimeSpan.FromMilliseconds(2), options.MaxDelay);
        Assert.Equal(1024, options.QueueCapacity);
        Assert.Equal(QueueFullMode.Reject, options.WhenFull);
        Assert.Null(options.SessionSettings.Threads);
        Assert.Equal(Environment.ProcessorCount, options.ThreadsInUse);
        Assert.Equal(32 << 20, options.MaxEncodedBytes);
        Assert.Equal(100_000_000, options.MaxPixels);
        Assert.Null(options.ReloadInterval);
        Assert.Null(options.OnReload);
        Assert.Null(options.MeterFactory);
        options.Validate();
    }

    [Fact]
    public void One_message_lists_all_that_is_wrong()
    {
        var options = new VisionPredictorOptions
        {
            MaxBatchSize = 0,
            MaxDelay = TimeSpan.FromSeconds(-1),
            QueueCapacity = -1,
            WhenFull = (QueueFullMode)7,
            SessionSettings = { Threads = 0 },
            MaxEncodedBytes = 0,
            MaxPixels = 0,
            ReloadInterval = TimeSpan.Zero,
        };

        var error = Assert.Throws<ArgumentOutOfRangeException>(options.Validate);

        Assert.StartsWith(
            """
            MaxBatchSize must be positive, not 0.
            MaxDelay must be from 0 to 1 minute, not -00:00:01.
            QueueCapacity must be positive, not -1.
            WhenFull must be Reject or Wait, not 7.
            SessionSettings.Threads must be positive, or null for the number of processors, not 0.
            MaxEncodedBytes must be positive, not 0.
            MaxPixels must be positive, not 0.
            ReloadInterval must be from 1 millisecond to 1 day, or null, not 00:00:00.
            """.ReplaceLineEndings(),
            error.Message
        );
        Assert.Throws<ArgumentException>(() => new VisionPredictorOptions { Name = "" }.Validate());
        Assert.Throws<ArgumentException>(() => new VisionPredictorOptions { SessionSettings = null! }.Validate());
    }

    [Fact]
    public async Task Options_are_checked_and_copied()
    {
        using var images = new ServedImages(3);
        using FineTuneTransformer transformer = images.Transformer();
        var options = new VisionPredictorOptions { QueueCapacity = 5 };
        using VisionPredictor predictor = images.Ml.Model.CreateVisionPredictor(transformer, options);
        options.QueueCapacity = 6;
        options.MaxEncodedBytes = 1;
        options.SessionSettings.CreateSessionOptions = () => throw new InvalidOperationException("not the predictor's");

        Assert.Equal(5, predictor.Status.Capacity);
        await predictor.UpdateModelAsync(transformer);
        images.Check(await predictor.PredictAsync(images.Encoded[0]), 0);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            images.Ml.Model.CreateVisionPredictor(transformer, new VisionPredictorOptions { SessionSettings = { Threads = -1 } })
        );
        Assert.Throws<ArgumentException>(() =>
            images.Ml.Model.CreateVisionPredictor(transformer, new VisionPredictorOptions { ReloadInterval = TimeSpan.FromSeconds(1) })
        );
    }
}
