using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Trainers.Runs;
using Xunit;

namespace MLNetExtensions.Tests.Trainers.Runs;

public class TrainingMemoryTests
{
    private const long Megabyte = 1 << 20;

    private static readonly OnnxGraph Network = new MobileNetV2().Build(outputs: 10, height: 224, width: 224);

    [Fact]
    public void Values_between_layers_grow_with_the_batch_and_weights_do_not()
    {
        TrainingMemory one = TrainingMemory.Of(Network, 1)!.Value,
            many = TrainingMemory.Of(Network, 32)!.Value;

        Assert.Equal(32 * one.Activations, many.Activations);
        Assert.Equal(one.Weights, many.Weights);
        // 3.5 GB were measured for all layers of this network at a batch of 32.
        Assert.InRange(many.Total, 1800 * Megabyte, 3500 * Megabyte);
    }

    [Fact]
    public void What_fits_is_no_warning()
    {
        TrainerLog log = Log();

        new TrainingMemory(100 * Megabyte, 10 * Megabyte).Check(new MemoryLimit(1000 * Megabyte, 200 * Megabyte), 32, log.Warn);

        Assert.Empty(log.Warnings);
    }

    [Fact]
    public void More_than_is_free_warns_with_a_batch_that_fits_and_steps_to_accumulate()
    {
        TrainerLog log = Log();

        new TrainingMemory(800 * Megabyte, 100 * Megabyte).Check(new MemoryLimit(1000 * Megabyte, 300 * Megabyte), 32, log.Warn);

        string warning = Assert.Single(log.Warnings);
        Assert.Contains("Training with BatchSize 32 needs about 900 MB", warning, StringComparison.Ordinal);
        Assert.Contains("300 MB of 1000 MB are free", warning, StringComparison.Ordinal);
        Assert.Contains("Set BatchSize = 8 and GradientAccumulation = 4", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Far_more_than_there_is_is_an_error_before_the_first_step()
    {
        InsufficientMemoryException error = Assert.Throws<InsufficientMemoryException>(() =>
            new TrainingMemory(3000 * Megabyte, 100 * Megabyte).Check(new MemoryLimit(2000 * Megabyte, 1500 * Megabyte), 32, Log().Warn)
        );

        Assert.Contains("GradientAccumulation", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_process_has_some_memory()
    {
        MemoryLimit limit = MemoryLimit.Current();

        Assert.InRange(limit.Free, 1, limit.Total);
    }

    private static TrainerLog Log()
    {
        IHost host = ((IHostEnvironment)new MLContext()).Register("test");
        return new TrainerLog(host.Start("test"));
    }
}
