using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training;

/// <summary>A compiled graph with its parameters and the optimizer's state. Not thread-safe. Holds native memory: dispose it.</summary>
public interface ITrainingSession : IDisposable
{
    /// <summary>Where and how it runs, for logs and results, such as <c>cpu, 2 threads, fp32</c>.</summary>
    string Device { get; }

    /// <summary>The precision in use: what <see cref="TrainingPrecision.Auto"/> became.</summary>
    TrainingPrecision Precision { get; }

    /// <summary>One step: forward in training mode, loss, backward, update of the trainable parameters.</summary>
    /// <param name="batch">The inputs and targets; any number of rows.</param>
    /// <param name="learningRate">The rate in force at this step.</param>
    /// <returns>The loss before the update. When it is not finite nothing has been updated.</returns>
    float Step(TrainingBatch batch, float learningRate);

    /// <summary>Runs the network in inference mode (BatchNorm uses its running statistics, dropout is off).</summary>
    /// <param name="batch">The inputs; targets are not read.</param>
    /// <param name="output">Gets the first output, rows after one another.</param>
    void Predict(TrainingBatch batch, Span<float> output);

    /// <summary>Copies of everything training changes, by initializer name: trainable parameters and BatchNorm statistics.</summary>
    IReadOnlyDictionary<string, OnnxTensor> ReadWeights();

    /// <summary>Puts weights back, for example those of the best epoch. The optimizer's state stays.</summary>
    /// <exception cref="ArgumentException">A name is not one of the session's, or a shape differs.</exception>
    void WriteWeights(IReadOnlyDictionary<string, OnnxTensor> weights);
}
