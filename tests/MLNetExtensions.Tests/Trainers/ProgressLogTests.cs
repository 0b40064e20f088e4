using MLNetExtensions.Trainers;
using MLNetExtensions.Training;
using Xunit;

namespace MLNetExtensions.Tests.Trainers;

public class ProgressLogTests
{
    private readonly List<string> _lines = [];
    private readonly Clock _clock = new();

    [Fact]
    public void Features_are_told_of_at_the_start_every_ten_seconds_and_at_the_end()
    {
        var log = new ProgressLog(_lines.Add, time: _clock);
        for (int done = 10; done <= 300; done += 10, _clock.Seconds++)
            log.Report(new TrainingProgress(TrainingPhase.Features, 0, 0, done, 300, null, null));
        Assert.Equal(
            [
                "Reading images: 300 images",
                "Reading images: 110 of 300 images, 10.0 images/s, about 19 s left",
                "Reading images: 210 of 300 images, 10.0 images/s, about 9 s left",
                "Reading images: 300 of 300 images, 10.0 images/s",
            ],
            _lines
        );
    }

    [Fact]
    public void Epochs_are_told_of_with_the_time_that_all_will_take()
    {
        var passed = new List<TrainingProgress>();
        var log = new ProgressLog(_lines.Add, new Collect(passed), _clock);
        for (int epoch = 1; epoch <= 2; epoch++)
        for (int done = 50; done <= 100; done += 50, _clock.Seconds += 12)
            log.Report(new TrainingProgress(TrainingPhase.Backbone, epoch, 2, done, 100, 1, null));
        Assert.Equal(
            [
                "Training layers of the backbone: 2 epochs of 100 images",
                "Training layers of the backbone: epoch 1 of 2, 100 of 100 images, 4.2 images/s, about 24 s left",
                "Training layers of the backbone: epoch 2 of 2, 50 of 100 images, 4.2 images/s, about 12 s left",
                "Training layers of the backbone: epoch 2 of 2, 100 of 100 images, 4.2 images/s, about 0 s left",
            ],
            _lines
        );
        Assert.Equal(4, passed.Count);
    }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }

    private sealed class Collect(List<TrainingProgress> reports) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => reports.Add(value);
    }
}
