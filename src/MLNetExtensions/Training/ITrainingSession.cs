using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training;

/// <summary>A compiled graph with its parameters and the optimizer's state. Not thread-safe. Holds native memory: dispose it.</summary>
public interface ITrainingSession : IDisposable
{
    /// <summary>The device and its settings, for logs and results, such as <c>cpu, 2 threads, fp32</c>.</summary>
    string Device { get; }

    /// <summary>The precision in use: what <see cref="TrainingPrecision.Auto"/> became.</summary>
    TrainingPrecision Precision { get; }

    /// <summary>One step: forward in training mode, loss, backward, update of the trainable parameters.</summary>
    /// <param name="batch">The inputs and targets; any number of rows.</param>
    /// <param name="learningRate">The rate in force at this step.</param>
    /// <returns>The batch's loss before the update. When it is not finite nothing has been updated.</returns>
    float Step(TrainingBatch batch, float learningRate);

    /// <summary>Runs the network in inference mode (BatchNorm uses its running statistics, dropout is off).</summary>
    /// <param name="batch">The inputs; targets are not read.</param>
    /// <param name="output">Gets the first output, rows after one another.</param>
    void Predict(TrainingBatch batch, Span<float> output);

    /// <summary>
    /// Copies of everything training changes, by initializer name: trainable parameters and BatchNorm statistics; with
    /// <see cref="TrainingSessionOptions.WeightAveraging"/> their averages, which are what <see cref="Predict"/> uses.
    /// </summary>
    IReadOnlyDictionary<string, OnnxTensor> ReadWeights();

    /// <summary>Puts weights back, for example those of the best epoch; an average of the weights begins again from them. The optimizer's state stays.</summary>
    /// <exception cref="ArgumentException">A name is not one of the session's, or a shape differs.</exception>
    void WriteWeights(IReadOnlyDictionary<string, OnnxTensor> weights);

    /// <summary>
    /// Copies of everything else that the next step depends on. Written into a new session of the same graph and options after
    /// <see cref="WriteWeights"/>, training goes on exactly as it would have here. The entries are
    /// <c>SLOT/PARAMETER</c>, one of the optimizer's slots (<see cref="Optimizers.Optimizer.Slots"/>) of the parameter's shape, in C order, which
    /// any runtime reads; <c>steps</c>, the number of updates so far; <c>random</c>, the state of the generator behind dropout, in the runtime's own form;
    /// with averaging <c>weights/NAME</c>, the weights and BatchNorm statistics that training goes on with; and in the middle of a
    /// <see cref="TrainingSessionOptions.GradientAccumulation"/> <c>gradient/PARAMETER</c>, the summed gradients, and <c>accumulated</c>, the number of steps and
    /// the sum of their target weights.
    /// </summary>
    IReadOnlyDictionary<string, OnnxTensor> ReadState();

    /// <summary>
    /// Puts back what <see cref="ReadState"/> gave. All of the optimizer's slots and <c>steps</c> must be there; without <c>random</c> (a state of
    /// another runtime) dropout goes on with its own draws.
    /// </summary>
    /// <exception cref="ArgumentException">An entry is missing, unknown, or has another shape: the state is of another network or of other options. Nothing has changed.</exception>
    void WriteState(IReadOnlyDictionary<string, OnnxTensor> state);
}
