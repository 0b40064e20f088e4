using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;

namespace MLNetExtensions.Training;

/// <summary>Compiles ONNX graphs for training: TorchSharp, TensorFlow. The core knows no runtime; it finds one by <see cref="TrainingRuntime"/>.</summary>
public interface ITrainingRuntime
{
    /// <summary>The runtime's name and version, for logs and results.</summary>
    string Name { get; }

    /// <summary>Compiles a graph whose first output is the network's answer (logits). The first dimension of every input is the batch.</summary>
    /// <exception cref="UnsupportedOpsException">The graph holds operators the runtime lacks; the message lists all of them.</exception>
    ITrainingSession CreateSession(OnnxGraph graph, TrainingSessionOptions options);
}
