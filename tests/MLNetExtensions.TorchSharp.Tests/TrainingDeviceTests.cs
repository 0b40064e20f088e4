using MLNetExtensions.Training;

namespace MLNetExtensions.TorchSharp.Tests;

public class TrainingDeviceTests
{
    [Theory]
    [InlineData(TrainingPrecision.Auto, true, TrainingPrecision.BFloat16)]
    [InlineData(TrainingPrecision.Auto, false, TrainingPrecision.Float32)]
    [InlineData(TrainingPrecision.Float32, true, TrainingPrecision.Float32)]
    [InlineData(TrainingPrecision.BFloat16, false, TrainingPrecision.BFloat16)]
    public void Auto_is_bfloat16_only_where_it_is_native(TrainingPrecision asked, bool native, TrainingPrecision expected) =>
        Assert.Equal(expected, TrainingDevice.Resolve(asked, native));

    [Fact]
    public void Threads_default_to_the_physical_cores()
    {
        TrainingDevice device = TrainingDevice.Choose(new TrainingSessionOptions());
        Assert.InRange(device.Threads, 1, Environment.ProcessorCount);
        Assert.Equal(ProcessorFeatures.PhysicalCores ?? device.Threads, device.Threads);
        Assert.StartsWith("cpu, ", device.ToString());
    }

    /// <summary>One thread for this session; the next one has its own again.</summary>
    [Fact]
    public void A_small_session_takes_one_thread()
    {
        Assert.Equal(1, TrainingDevice.Choose(new TrainingSessionOptions { IsSmall = true, Threads = 2 }).Threads);
        Assert.Equal(2, TrainingDevice.Choose(new TrainingSessionOptions { Threads = 2 }).Threads);
    }

    [Fact]
    public void A_missing_gpu_is_an_error_that_says_what_to_add()
    {
        var options = new TrainingSessionOptions { GpuDeviceId = 97 };
        string message = Assert.Throws<InvalidOperationException>(() => TrainingDevice.Choose(options)).Message;
        Assert.Contains("GPU 97", message);
        Assert.Contains("FallbackToCpu", message);
    }

    [Fact]
    public void A_missing_gpu_may_fall_back_to_the_cpu() =>
        Assert.StartsWith("cpu", TrainingDevice.Choose(new TrainingSessionOptions { GpuDeviceId = 97, FallbackToCpu = true }).ToString());

    [Fact]
    public void Zero_threads_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingDevice.Choose(new TrainingSessionOptions { Threads = 0 }));
}
