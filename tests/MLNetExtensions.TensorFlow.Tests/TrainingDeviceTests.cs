using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.TensorFlow.Proto;
using MLNetExtensions.Training;

namespace MLNetExtensions.TensorFlow.Tests;

/// <summary>
/// What is chosen from the options, and the configuration that TensorFlow gets for it. No GPU is needed: their number is made up.
/// </summary>
[NeedsNothing]
public sealed class TrainingDeviceTests
{
    [Fact]
    public void On_the_CPU_threads_are_sent_and_GPUs_are_hidden()
    {
        ConfigProto config = Config(Choose(new TrainingSessionOptions { Threads = 3 }, gpus: 2));

        Assert.Equal(3, config.IntraOpParallelismThreads);
        Assert.Equal(3, config.InterOpParallelismThreads);
        // A small session, such as a head's, must not decide for the process that there is one thread.
        Assert.Equal(3, Config(Choose(new TrainingSessionOptions { Threads = 3, IsSmall = true }, gpus: 2)).IntraOpParallelismThreads);
        Assert.Equal(("GPU", 0), HiddenGpus(config));
        Assert.Null(config.GpuOptions);
        Assert.Null(config.GraphOptions);
        Assert.True(config.AllowSoftPlacement);
        Assert.False(config.LogDevicePlacement);
    }

    [Fact]
    public void Threads_default_to_the_physical_cores()
    {
        TrainingDevice device = Choose(new TrainingSessionOptions(), gpus: 0);
        Assert.InRange(device.Threads, 1, Environment.ProcessorCount);
        Assert.StartsWith($"cpu, {device.Threads} threads", device.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_GPU_is_the_only_one_visible_and_its_memory_grows()
    {
        TrainingDevice device = Choose(new TrainingSessionOptions { GpuDeviceId = 1 }, gpus: 2);
        ConfigProto config = Config(device);

        Assert.Equal("1", config.GpuOptions.VisibleDeviceList);
        Assert.True(config.GpuOptions.AllowGrowth);
        Assert.Equal(0, config.GpuOptions.PerProcessGpuMemoryFraction);
        Assert.DoesNotContain("GPU", config.DeviceCount.Keys);
        Assert.Equal("gpu:1, fp32", device.ToString());
    }

    [Fact]
    public void Options_of_a_GPU_are_sent()
    {
        ConfigProto config = Config(
            Choose(new TrainingSessionOptions { GpuDeviceId = 0 }, gpus: 1),
            new TensorFlowRuntimeOptions
            {
                MemoryGrowth = false,
                GpuMemoryFraction = 0.25,
                Xla = true,
                LogDevicePlacement = true,
            }
        );

        Assert.False(config.GpuOptions.AllowGrowth);
        Assert.Equal(0.25, config.GpuOptions.PerProcessGpuMemoryFraction);
        Assert.Equal(OptimizerOptions.Types.GlobalJitLevel.On2, config.GraphOptions.OptimizerOptions.GlobalJitLevel);
        Assert.True(config.LogDevicePlacement);
    }

    /// <summary>The first session that sees a GPU decides how its memory is taken.</summary>
    [Fact]
    public void Listing_devices_sends_what_training_sends()
    {
        var options = new TensorFlowRuntimeOptions { GpuMemoryFraction = 0.25 };
        ConfigProto training = Config(Choose(new TrainingSessionOptions { GpuDeviceId = 1 }, gpus: 2), options);
        Assert.Equal(training.GpuOptions, ConfigProto.Parser.ParseFrom(TrainingDevice.ListingConfig(options, 1)).GpuOptions);

        training.GpuOptions.VisibleDeviceList = "";
        Assert.Equal(training.GpuOptions, ConfigProto.Parser.ParseFrom(TrainingDevice.ListingConfig(options)).GpuOptions);
    }

    [NeedsTensorFlow]
    [Fact]
    public void The_runtime_itself_counts_the_GPUs()
    {
        TensorFlowRuntime runtime = TensorFlowRuntime.Create();
        var options = new TrainingSessionOptions { GpuDeviceId = 97 };
        Assert.Contains(
            "GPU 97 ",
            Assert.Throws<InvalidOperationException>(() => runtime.CreateSession(SmallNetwork.Create(), options)).Message,
            StringComparison.Ordinal
        );
        options.FallbackToCpu = true;
        using ITrainingSession session = runtime.CreateSession(SmallNetwork.Create(), options);
        Assert.StartsWith("cpu, ", session.Device, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 2)]
    [InlineData(-1, 2)]
    public void A_GPU_that_is_not_there_is_an_error_that_says_what_is_needed(int id, int gpus)
    {
        string message = Assert
            .Throws<InvalidOperationException>(() => Choose(new TrainingSessionOptions { GpuDeviceId = id }, gpus))
            .Message;
        Assert.All(
            [
                $"GPU {id} ",
                $"sees {gpus} GPUs",
                "driver",
                "450.80",
                "CUDA 11.2",
                "cuDNN 8.1",
                "SciSharp.TensorFlow.Redist-Linux-GPU",
                "tensorflow[and-cuda]",
                "FallbackToCpu",
            ],
            part => Assert.Contains(part, message, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_library_without_kernels_for_GPUs_is_named_as_the_reason()
    {
        var options = new TrainingSessionOptions { GpuDeviceId = 0 };
        Assert.Contains(
            "built for the CPU only",
            Assert.Throws<InvalidOperationException>(() => Choose(options, gpus: 0, isGpuBuild: false)).Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "built for the CPU only",
            Assert.Throws<InvalidOperationException>(() => Choose(options, gpus: 0)).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>
    /// The server makes the devices of all sessions in a cluster: with other settings than theirs it would take all processors and the
    /// whole memory of every GPU.
    /// </summary>
    [Fact]
    public void A_clusters_server_makes_its_devices_as_the_session_asks()
    {
        var cluster = new TensorFlowCluster(["10.0.0.1:2222", "10.0.0.2:2222"], index: 1);
        var options = new TensorFlowRuntimeOptions { GpuMemoryFraction = 0.25, Cluster = cluster };
        byte[] config = Choose(new TrainingSessionOptions { GpuDeviceId = 1, Threads = 3 }, gpus: 2).Config(options);
        ServerDef server = ClusterServer.Definition(cluster, config);

        Assert.Equal(ConfigProto.Parser.ParseFrom(config), server.DefaultSessionConfig);
        Assert.Equal(
            ("1", 0.25, 3),
            (
                server.DefaultSessionConfig.GpuOptions.VisibleDeviceList,
                server.DefaultSessionConfig.GpuOptions.PerProcessGpuMemoryFraction,
                server.DefaultSessionConfig.IntraOpParallelismThreads
            )
        );
        Assert.Equal(("worker", 1, "10.0.0.2:2222"), (server.JobName, server.TaskIndex, server.Cluster.Job[0].Tasks[1]));
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0, 1, true)]
    [InlineData(1, 1, false)]
    [InlineData(3, 4, true)]
    [InlineData(-1, 2, false)]
    public void The_listed_devices_decide(int id, int gpus, bool isThere)
    {
        var options = new TrainingSessionOptions { GpuDeviceId = id, FallbackToCpu = true };
        var asked = new List<int?>();
        TrainingDevice device = TrainingDevice.Choose(options, () => TrainingDevice.CountGpus(id, Machine(gpus, asked)), () => true);
        Assert.Equal(isThere ? id : null, device.Gpu);
        // A session that sees all GPUs is only made where the one asked for is not there.
        Assert.Equal(!isThere, asked.Contains(null));

        options.FallbackToCpu = false;
        if (isThere)
            Assert.Equal(id, TrainingDevice.Choose(options, () => TrainingDevice.CountGpus(id, Machine(gpus)), () => true).Gpu);
        else
            Assert.Contains(
                $"sees {gpus} GPUs",
                Assert
                    .Throws<InvalidOperationException>(() =>
                        TrainingDevice.Choose(options, () => TrainingDevice.CountGpus(id, Machine(gpus)), () => true)
                    )
                    .Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void Other_errors_of_listing_are_not_taken_for_an_absent_GPU() =>
        Assert.Throws<TensorFlowException>(() =>
            TrainingDevice.CountGpus(
                0,
                _ =>
                    throw new TensorFlowException(
                        TensorFlowErrorCode.Internal,
                        "CUDA driver version is insufficient for CUDA runtime version"
                    )
            )
        );

    /// <summary>
    /// TensorFlow itself tells, of the graph that it ran: nothing is left to another device, and both passes and the update are in it.
    /// </summary>
    [NeedsTensorFlow]
    [Fact]
    public void Every_op_of_a_step_runs_on_the_device_asked_for()
    {
        using var session = (TensorFlowSession)
            SmallNetwork.CreateSession(new TrainingSessionOptions { Optimizer = new Training.Optimizers.Adam() }, dropout: true);
        TrainingBatch batch = Batches.Random(1, 4, SmallNetwork.RowSize, SmallNetwork.Classes);

        IReadOnlyList<(string Op, string Name, string Device)> ops = session.Placement(batch);

        Assert.All(
            ops,
            op => Assert.True(op.Device == "/job:localhost/replica:0/task:0/device:CPU:0", $"{op.Op} '{op.Name}' ran on '{op.Device}'")
        );
        // TensorFlow joins some ops with what follows them.
        Assert.All(
            ["Conv2D", "Conv2DBackpropFilter", "FusedBatchNorm", "MatMul", "AssignVariableOp"],
            part => Assert.Contains(ops, op => op.Op.Contains(part, StringComparison.Ordinal))
        );
        Assert.True(ops.Count > 50, $"{ops.Count} ops");
    }

    [Fact]
    public void A_GPU_that_is_not_there_may_fall_back_to_the_CPU()
    {
        TrainingDevice device = Choose(
            new TrainingSessionOptions
            {
                GpuDeviceId = 5,
                FallbackToCpu = true,
                Threads = 1,
            },
            gpus: 2
        );
        Assert.Null(device.Gpu);
        Assert.Equal(("GPU", 0), HiddenGpus(Config(device)));
    }

    [Fact]
    public void GPUs_are_not_counted_where_none_is_asked_for() =>
        Assert.Null(
            TrainingDevice.Choose(new TrainingSessionOptions(), () => throw new InvalidOperationException("counted"), () => true).Gpu
        );

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void Threads_below_one_are_refused(int threads) =>
        Assert.Equal(
            "Threads",
            Assert.Throws<ArgumentOutOfRangeException>(() => Choose(new TrainingSessionOptions { Threads = threads }, gpus: 0)).ParamName
        );

    [Theory]
    [InlineData(TrainingPrecision.Float32, "fp32")]
    [InlineData(TrainingPrecision.BFloat16, "bf16")]
    public void Precision_is_what_was_asked_for(TrainingPrecision precision, string name) =>
        Assert.EndsWith(name, Choose(new TrainingSessionOptions { Precision = precision }, gpus: 0).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(1.01)]
    public void Shares_of_memory_out_of_range_are_refused(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            TensorFlowRuntime.Create(new TensorFlowRuntimeOptions { GpuMemoryFraction = fraction })
        );

    private static TrainingDevice Choose(TrainingSessionOptions options, int gpus, bool isGpuBuild = true) =>
        TrainingDevice.Choose(options, () => gpus, () => isGpuBuild);

    /// <summary>
    /// Devices as TensorFlow lists them where there are so many GPUs: a session that asks for one sees it as its first, and no session may
    /// ask for one that is not there.
    /// </summary>
    private static Func<int?, IReadOnlyList<TensorFlowDevice>> Machine(int gpus, List<int?>? asked = null) =>
        gpu =>
        {
            asked?.Add(gpu);
            if (gpu >= gpus)
                throw new TensorFlowException(
                    TensorFlowErrorCode.InvalidArgument,
                    $"'visible_device_list' listed an invalid Device id '{gpu}' but visible device count is {gpus}"
                );
            IEnumerable<TensorFlowDevice> seen = Enumerable
                .Range(0, gpu is null ? gpus : 1)
                .Select(i => new TensorFlowDevice($"/job:localhost/replica:0/task:0/device:GPU:{i}", "GPU", 1L << 34));
            return [new TensorFlowDevice("/job:localhost/replica:0/task:0/device:CPU:0", "CPU", 1 << 28), .. seen];
        };

    private static (string, int) HiddenGpus(ConfigProto config) => Assert.Single(config.DeviceCount.Select(d => (d.Key, d.Value)));

    private static ConfigProto Config(TrainingDevice device, TensorFlowRuntimeOptions? options = null) =>
        ConfigProto.Parser.ParseFrom(device.Config(options ?? new TensorFlowRuntimeOptions()));
}
