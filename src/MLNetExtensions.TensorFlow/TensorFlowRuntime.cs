using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.TensorFlow.Launching;
using MLNetExtensions.TensorFlow.Losses;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.TensorFlow;

/// <summary>
/// Trains ONNX graphs with TensorFlow, through its C library, on the CPU or a GPU. The application brings the library: a package
/// (SciSharp.TensorFlow.Redist or one of its GPU packages), a Python installation of tensorflow, or a file. A process has one TensorFlow;
/// the number of threads is that of the first session.
/// </summary>
public sealed class TensorFlowRuntime : ITrainingRuntime, IWorkerRuntime
{
    private readonly LoadedLibrary _library;
    private readonly TensorFlowRuntimeOptions _options;

    private TensorFlowRuntime(LoadedLibrary library, TensorFlowRuntimeOptions options) => (_library, _options) = (library, options);

    /// <inheritdoc/>
    public string Name => $"TensorFlow {_library.Version}";

    /// <summary>The number of workers; 1 where this one is alone.</summary>
    public int WorldSize => _options.Cluster?.Workers.Count ?? 1;

    /// <summary>This worker's place among them, from 0.</summary>
    public int Rank => _options.Cluster?.Index ?? 0;

    /// <summary>Finds and loads the library, once per process.</summary>
    /// <param name="options">The location of the library and the GPU settings, which are copied; null for the defaults.</param>
    /// <exception cref="DllNotFoundException">There is no usable library: the message names the places searched, the problem and the
    /// remedy.</exception>
    /// <exception cref="InvalidOperationException">The process has already loaded another library.</exception>
    public static TensorFlowRuntime Create(TensorFlowRuntimeOptions? options = null)
    {
        _ = LauncherGuard.LocalWorkers;
        options = (options ?? new TensorFlowRuntimeOptions()).Copy();
        return new TensorFlowRuntime(TensorFlowLibrary.Load(options.LibraryPath, options.PythonFolder), options);
    }

    /// <summary>Describes the library: its version and file, the search for it, its build, and the devices it sees.</summary>
    public TensorFlowDescription Describe() =>
        new(
            _library.Version,
            _library.Path,
            ListDevices(TrainingDevice.ListingConfig(_options)),
            _library.Search,
            RegisteredKernels.AreForGpus(RegisteredKernels.Of("MatMul")),
            ProcessorFeatures.InstructionSets
        );

    /// <inheritdoc/>
    ITrainingSession ITrainingRuntime.CreateSession(OnnxGraph graph, TrainingSessionOptions options) => CreateSession(graph, options);

    /// <inheritdoc cref="ITrainingRuntime.CreateSession"/>
    /// <exception cref="UnsupportedOpsException">The graph holds operators this runtime lacks; the message lists all of them.</exception>
    /// <exception cref="ArgumentException">A name in the options is not a parameter of the graph.</exception>
    /// <exception cref="InvalidOperationException">The requested GPU is not available and fallback is not allowed.</exception>
    internal TensorFlowSession CreateSession(OnnxGraph graph, TrainingSessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        TrainingDevice device = DeviceFor(options);
        return new TensorFlowSession(graph, options, device, device.Config(_options), _options.Cluster);
    }

    /// <inheritdoc/>
    void ITrainingRuntime.Check(OnnxLoss loss, int outputs) => OnnxLossNodes.Check(loss, outputs);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">This runtime has no cluster, the workers differ, or the requested GPU is not
    /// available.</exception>
    /// <exception cref="TensorFlowException">A worker could not be reached in time.</exception>
    IWorkers IWorkerRuntime.Join(TrainingSessionOptions options, IReadOnlyDictionary<string, string> settings)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settings);
        TensorFlowCluster cluster =
            _options.Cluster
            ?? throw new InvalidOperationException(
                $"There is nobody to join: {nameof(TensorFlowRuntimeOptions)}.{nameof(TensorFlowRuntimeOptions.Cluster)} is null."
            );
        var exchange = new WorkerExchange(cluster, DeviceFor(options).Config(_options));
        try
        {
            exchange.Meet(settings);
            return exchange;
        }
        catch
        {
            exchange.Dispose();
            throw;
        }
    }

    private TrainingDevice DeviceFor(TrainingSessionOptions options) =>
        TrainingDevice.Choose(
            options,
            () => TrainingDevice.CountGpus(options.GpuDeviceId!.Value, gpu => ListDevices(TrainingDevice.ListingConfig(_options, gpu))),
            () => RegisteredKernels.AreForGpus(RegisteredKernels.Of("MatMul"))
        );

    private static IReadOnlyList<TensorFlowDevice> ListDevices(byte[] config)
    {
        using var graph = new TensorFlowGraph();
        using var session = new GraphSession(graph, config);
        return session.ListDevices();
    }
}
