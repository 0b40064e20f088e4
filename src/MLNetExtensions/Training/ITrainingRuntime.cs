using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.Training;

/// <summary>
/// Compiles ONNX graphs for training: TorchSharp, TensorFlow. The core does not depend on a runtime; it finds one with
/// <see cref="TrainingRuntime"/>.
/// </summary>
/// <remarks>It cannot be implemented outside of this library: sessions, their options and their steps are internal.</remarks>
public interface ITrainingRuntime
{
    /// <summary>The runtime's name and version, for logs and results.</summary>
    string Name { get; }

    /// <summary>Compiles a graph whose first output is the logits. The first dimension of every input is the batch.</summary>
    /// <exception cref="UnsupportedOpsException">The graph holds operators the runtime lacks; the message lists all of them.</exception>
    internal ITrainingSession CreateSession(OnnxGraph graph, TrainingSessionOptions options);

    /// <summary>Compiles the graph of a loss with its gradient, to see before training whether the runtime has all of its operators.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="outputs">The number of the network's outputs.</param>
    /// <exception cref="UnsupportedOpsException">The runtime lacks operators; the message lists all of them.</exception>
    /// <exception cref="ArgumentException">The graph does not fit the outputs.</exception>
    internal void Check(OnnxLoss loss, int outputs);
}
