using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;

namespace MLNetExtensions.Training;

/// <summary>
/// Compiles ONNX graphs for training: TorchSharp, TensorFlow. The core does not depend on a runtime; it finds one with
/// <see cref="TrainingRuntime"/>.
/// </summary>
/// <remarks>It cannot be implemented outside of this library: trainers need more of a session than its public members.</remarks>
public interface ITrainingRuntime
{
    /// <summary>The runtime's name and version, for logs and results.</summary>
    string Name { get; }

    /// <summary>Compiles a graph whose first output is the logits. The first dimension of every input is the batch.</summary>
    /// <exception cref="UnsupportedOpsException">The graph holds operators the runtime lacks; the message lists all of them.</exception>
    internal ITrainingSession CreateSession(OnnxGraph graph, TrainingSessionOptions options);
}
