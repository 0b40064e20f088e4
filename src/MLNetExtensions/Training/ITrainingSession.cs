using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training;

/// <summary>A compiled graph with its parameters and the optimizer's state. Not thread-safe. Holds native memory: dispose it.</summary>
internal interface ITrainingSession : IDisposable
{
    /// <summary>The device and its settings, for logs and results, such as <c>cpu, 2 threads, fp32</c>.</summary>
    string Device { get; }

    /// <summary>The precision in use, after resolving <see cref="TrainingPrecision.Auto"/>.</summary>
    TrainingPrecision Precision { get; }

    /// <summary>Makes one step: forward pass in training mode, loss, backward pass, update of the trainable parameters.</summary>
    /// <param name="batch">The inputs and targets; any number of rows.</param>
    /// <param name="learningRate">The learning rate of this step.</param>
    /// <returns>The batch's loss before the update. If it is not finite, nothing was updated.</returns>
    /// <exception cref="OperationCanceledException"><see cref="TrainingSessionOptions.CancellationToken"/> broke it off; nothing was
    /// updated.</exception>
    float Step(TrainingBatch batch, float learningRate);

    /// <summary>Runs the network in inference mode (BatchNorm uses its running statistics, dropout is off).</summary>
    /// <param name="batch">The inputs; targets are not read.</param>
    /// <param name="output">Receives the first output, one row after another.</param>
    void Predict(TrainingBatch batch, Span<float> output);

    /// <summary>
    /// Copies everything that training changes, by initializer name: trainable parameters and BatchNorm statistics; with
    /// <see cref="TrainingSessionOptions.WeightAveraging"/> their averages, which <see cref="Predict"/> uses.
    /// </summary>
    IReadOnlyDictionary<string, OnnxTensor> ReadWeights();

    /// <summary>
    /// Restores weights, for example those of the best epoch; an average of the weights restarts from them. The optimizer's state is kept.
    /// </summary>
    /// <exception cref="ArgumentException">A name is not one of the session's, or a shape differs.</exception>
    void WriteWeights(IReadOnlyDictionary<string, OnnxTensor> weights);

    /// <summary>
    /// Copies everything else that the next step depends on. If it is written into a new session of the same graph and options after
    /// <see cref="WriteWeights"/>, training continues there exactly as it would here. The entries are
    /// <c>SLOT/PARAMETER</c>, one of the optimizer's slots (<see cref="Optimizers.Optimizer.Slots"/>) of the parameter's shape, in C order,
    /// which any runtime reads; <c>steps</c>, the number of updates so far; <c>random</c>, the state of the generator behind dropout, in
    /// the runtime's own form; with averaging <c>weights/NAME</c>, the weights and BatchNorm statistics that training continues with; and
    /// in the middle of a <see cref="TrainingSessionOptions.GradientAccumulation"/> <c>gradient/PARAMETER</c>, the summed gradients, and
    /// <c>accumulated</c>, the number of steps and the sum of their target weights.
    /// </summary>
    IReadOnlyDictionary<string, OnnxTensor> ReadState();

    /// <summary>
    /// Restores the state of <see cref="ReadState"/>. All of the optimizer's slots and <c>steps</c> are required; without <c>random</c> (a
    /// state of another runtime) dropout continues with its own draws.
    /// </summary>
    /// <exception cref="ArgumentException">An entry is missing, unknown, or has another shape: the state belongs to another network or
    /// other options. Nothing was changed.</exception>
    void WriteState(IReadOnlyDictionary<string, OnnxTensor> state);
}
