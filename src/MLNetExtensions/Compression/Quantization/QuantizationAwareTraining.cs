using MLNetExtensions.Compression.Evaluation;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Schedules;

namespace MLNetExtensions.Compression.Quantization;

/// <summary>Trains a fake-quantized graph toward the answers of the float model.</summary>
internal static class QuantizationAwareTraining
{
    /// <summary>Trains.</summary>
    /// <param name="run">The call.</param>
    /// <param name="original">The float model, in <see cref="InferenceForm"/>.</param>
    /// <param name="network">The same with its rounding, as <see cref="QdqWriter"/> writes it for training.</param>
    /// <param name="parameters">The weights and biases to train.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="settings">The settings.</param>
    /// <returns>The trained values.</returns>
    /// <exception cref="UnsupportedOpsException">The runtime lacks operators of the model; the message lists all of them.</exception>
    /// <exception cref="InvalidOperationException">The loss became infinite or not a number, or the graph is fixed to a batch.</exception>
    public static IReadOnlyDictionary<string, OnnxTensor> Train(
        CompressionRun run,
        OnnxGraph original,
        OnnxGraph network,
        IReadOnlyCollection<string> parameters,
        ModelRows rows,
        QuantizationFineTuning settings
    )
    {
        if (network.Inputs.FirstOrDefault(i => i.Shape?[0].Size is not null) is { } fixedInput)
            throw new InvalidOperationException(
                $"The graph '{network.Name}' is fixed to a batch by its input {fixedInput}; fine-tuning needs an open one. Export it "
                    + $"with a dynamic batch."
            );
        string logits = BeforeSoftmax.Find(original, ModelAnswers.OutputOf(original));
        ModelAnswers answers = ModelAnswers.Of(run, BeforeSoftmax.UpTo(original, logits), rows);
        ITrainingRuntime runtime = settings.Runtime ?? TrainingRuntime.Default();
        using ITrainingSession session = runtime.CreateSession(
            BeforeSoftmax.UpTo(network, logits),
            new TrainingSessionOptions
            {
                TrainableParameters = parameters,
                Optimizer = settings.Optimizer,
                Loss = new MeanSquaredError(),
                BatchNorm = BatchNormMode.Inference,
                Dropout = false,
                // Rounding to 8 bits is not to be rounded itself.
                Precision = TrainingPrecision.Float32,
                Threads = run.Options.Threads,
                Seed = settings.Seed,
            }
        );
        var loop = new TrainingLoop
        {
            Phase = TrainingPhase.Network,
            Session = session,
            Rows = rows.Inputs,
            Targets = new AnswerTargets(answers),
            TrainingRows = [.. Enumerable.Range(0, rows.Count)],
            ValidationRows = [],
            Epochs = settings.Epochs,
            BatchSize = settings.BatchSize,
            LearningRate = settings.LearningRate,
            Schedule = new CosineSchedule(),
            Loss = new MeanSquaredError(),
            Seed = settings.Seed,
            CancellationToken = run.Options.CancellationToken,
        };
        TrainingLoop.PhaseResult result = loop.Train();
        run.ThrowIfCanceled();
        return result.Reason == StopReason.NotFiniteLoss
            ? throw new InvalidOperationException($"Fine-tuning failed: {result.Message}. Lower FineTuning.LearningRate.")
            : session.ReadWeights();
    }
}
