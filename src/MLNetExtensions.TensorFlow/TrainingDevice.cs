using System.Globalization;
using Google.Protobuf;
using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.TensorFlow.Launching;
using MLNetExtensions.TensorFlow.Proto;
using MLNetExtensions.Training;

namespace MLNetExtensions.TensorFlow;

/// <summary>The device, precision and thread count that the options ask for.</summary>
internal sealed record TrainingDevice(int? Gpu, TrainingPrecision Precision, int Threads)
{
    /// <summary>The type in which convolutions and matrix products compute.</summary>
    public DataType ComputeType =>
        Precision switch
        {
            TrainingPrecision.BFloat16 => DataType.BFloat16,
            TrainingPrecision.Float16 => DataType.Half,
            _ => DataType.Float,
        };

    /// <summary>Chooses by the options.</summary>
    /// <param name="options">The session's options.</param>
    /// <param name="gpus">The number of GPUs that TensorFlow sees.</param>
    /// <param name="isGpuBuild">True if the library has kernels for GPUs.</param>
    /// <exception cref="InvalidOperationException">The GPU asked for is not there.</exception>
    public static TrainingDevice Choose(TrainingSessionOptions options, Func<int> gpus, Func<bool> isGpuBuild)
    {
        if (options.Threads is { } asked)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(asked, nameof(options.Threads));
        int? gpu = null;
        if (options.GpuDeviceId is { } id)
        {
            int found = gpus();
            if (id >= 0 && id < found)
                gpu = id;
            else if (!options.FallbackToCpu)
                throw new InvalidOperationException(
                    $"GPU {id} was asked for, but TensorFlow sees {found} "
                        + $"GPUs{(isGpuBuild() ? "" : ": the loaded library is built for the CPU only")}. It needs a build with CUDA "
                        + $"(SciSharp.TensorFlow.Redist-Linux-GPU 2.11.1 with CUDA 11.2 and cuDNN 8.1, "
                        + "SciSharp.TensorFlow.Redist-Windows-GPU 2.10.3 with the same, or 'pip install tensorflow[and-cuda]' named by "
                        + "PythonFolder, which brings CUDA 12) and an NVIDIA driver "
                        + "of version 450.80 or newer (525.60 for CUDA 12); see docs/tensorflow-gpu.md. Or set FallbackToCpu."
                );
        }
        // The norm that a gradient is clipped to holds for what is computed, to the last bits.
        bool native = gpu is null && ProcessorFeatures.HasBFloat16 && options.Privacy is null;
        TrainingPrecision precision =
            options.Precision == TrainingPrecision.Auto
                ? (native ? TrainingPrecision.BFloat16 : TrainingPrecision.Float32)
                : options.Precision;
        // Also where IsSmall: the first session's number is the process's.
        return new TrainingDevice(
            gpu,
            precision,
            options.Threads ?? Math.Max(1, (ProcessorFeatures.PhysicalCores ?? Environment.ProcessorCount) / LauncherGuard.LocalWorkers)
        );
    }

    /// <summary>
    /// The number of GPUs, as far as it matters for one. TensorFlow numbers GPUs once a process: a session that sees all would keep later
    /// ones from having another first.
    /// </summary>
    /// <param name="asked">The GPU asked for.</param>
    /// <param name="list">Lists the devices of a session that sees one GPU, or all.</param>
    public static int CountGpus(int asked, Func<int?, IReadOnlyList<TensorFlowDevice>> list)
    {
        try
        {
            if (asked >= 0 && list(asked).Any(IsGpu))
                return asked + 1;
        }
        catch (TensorFlowException error) when (error.Code == TensorFlowErrorCode.InvalidArgument)
        {
            // There is no GPU of that number.
        }
        return list(null).Count(IsGpu);

        static bool IsGpu(TensorFlowDevice device) => device.Type == "GPU";
    }

    /// <summary>The session's ConfigProto.</summary>
    public byte[] Config(TensorFlowRuntimeOptions runtime)
    {
        var config = new ConfigProto
        {
            IntraOpParallelismThreads = Threads,
            InterOpParallelismThreads = Threads,
            AllowSoftPlacement = true,
            LogDevicePlacement = runtime.LogDevicePlacement,
        };
        if (runtime.Xla)
            config.GraphOptions = new GraphOptions
            {
                OptimizerOptions = new OptimizerOptions { GlobalJitLevel = OptimizerOptions.Types.GlobalJitLevel.On2 },
            };
        if (Gpu is null)
            config.DeviceCount["GPU"] = 0;
        else
            config.GpuOptions = GpuOptions(runtime, Gpu);
        // Grappler fuses convolutions into ops without a 16-bit kernel; only sessions within this process then make oneDNN's of them.
        if (runtime.Cluster is not null && ComputeType != DataType.Float)
            (config.GraphOptions ??= new GraphOptions()).RewriteOptions = new RewriterConfig
            {
                Remapping = RewriterConfig.Types.Toggle.Off,
            };
        return (runtime.Cluster is { } cluster ? ClusterServer.Config(config, cluster) : config).ToByteArray();
    }

    /// <summary>
    /// The ConfigProto of a session that reads or writes models: a first session that saw GPUs would decide for later ones how their memory
    /// is taken.
    /// </summary>
    public static byte[] WithoutGpus { get; } = new ConfigProto { DeviceCount = { ["GPU"] = 0 } }.ToByteArray();

    /// <summary>The ConfigProto of a session that only lists devices: those of one GPU, or all.</summary>
    public static byte[] ListingConfig(TensorFlowRuntimeOptions runtime, int? gpu = null) =>
        new ConfigProto { GpuOptions = GpuOptions(runtime, gpu) }.ToByteArray();

    // The first session of a process that sees a GPU decides how its memory is taken, so the one that lists devices sends the same.
    private static GPUOptions GpuOptions(TensorFlowRuntimeOptions runtime, int? gpu) =>
        new()
        {
            AllowGrowth = runtime.MemoryGrowth,
            PerProcessGpuMemoryFraction = runtime.GpuMemoryFraction ?? 0,
            VisibleDeviceList = gpu?.ToString(CultureInfo.InvariantCulture) ?? "",
        };

    /// <inheritdoc/>
    public override string ToString()
    {
        string precision = Precision switch
        {
            TrainingPrecision.BFloat16 => "bf16",
            TrainingPrecision.Float16 => "fp16",
            _ => "fp32",
        };
        return Gpu is { } gpu ? $"gpu:{gpu}, {precision}" : $"cpu, {Threads} threads, {precision}";
    }
}
