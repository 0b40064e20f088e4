using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.TorchSharp.Losses;
using MLNetExtensions.TorchSharp.Native;
using MLNetExtensions.TorchSharp.Ops;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.TorchSharp;

/// <summary>
/// Trains ONNX graphs with libtorch, through TorchSharp: on the CPU, or on a CUDA GPU if the application brings a CUDA libtorch. The
/// environment variable <c>MLNETX_LIBTORCH</c> can name a libtorch folder to use instead of the application's packages. The number of
/// threads is libtorch's own, one for the whole process: the last session created sets it.
/// </summary>
public sealed class TorchSharpRuntime : ITrainingRuntime
{
    /// <summary>Loads the native libraries, once per process.</summary>
    /// <exception cref="DllNotFoundException">libtorch is missing or cannot be loaded; the message names the package to add and the places
    /// searched.</exception>
    public TorchSharpRuntime() => NativeLibraries.Load();

    /// <inheritdoc/>
    public string Name => $"TorchSharp (libtorch {torch.__version__})";

    /// <inheritdoc/>
    ITrainingSession ITrainingRuntime.CreateSession(OnnxGraph graph, TrainingSessionOptions options) => CreateSession(graph, options);

    /// <inheritdoc cref="ITrainingRuntime.CreateSession"/>
    /// <exception cref="UnsupportedOpsException">The graph holds operators this runtime lacks; the message lists all of them.</exception>
    /// <exception cref="ArgumentException">A name in the options is not a parameter of the graph.</exception>
    /// <exception cref="InvalidOperationException">The requested GPU is not available and fallback is not allowed.</exception>
    internal TorchSharpSession CreateSession(OnnxGraph graph, TrainingSessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        return new TorchSharpSession(graph, options);
    }

    /// <inheritdoc/>
    void ITrainingRuntime.Check(OnnxLoss loss, int outputs)
    {
        using var constants = new ConstantStore(loss.Graph, torch.CPU);
        using var generator = new torch.Generator(0);
        var run = new RunContext
        {
            Device = torch.CPU,
            ComputeType = torch.ScalarType.Float32,
            Generator = generator,
        };
        new OnnxLossProgram(loss, [1, outputs], constants, new TrainingSessionOptions(), run).Dispose();
    }
}
