using Microsoft.ML;
using MLNetExtensions.Imaging;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.Compression.Quantization;

/// <summary>
/// Quantization-aware fine-tuning (arXiv 1712.05877): weights and biases are trained by a training runtime with the rounding of weights and
/// values in the network, until the outputs match those of the float model as closely as possible. It needs rows but no labels: the targets
/// are the float model's own outputs before a final Softmax.
/// </summary>
public sealed class QuantizationFineTuning
{
    /// <summary>The rows to train on.</summary>
    /// <value>The default is null: the calibration rows.</value>
    public IDataView? TrainingSet { get; set; }

    /// <summary>The number of epochs: passes over the rows.</summary>
    /// <value>The default is 5.</value>
    public int Epochs { get; set; } = 5;

    /// <summary>The batch size: the number of rows in one step.</summary>
    /// <value>The default is 32.</value>
    public int BatchSize { get; set; } = 32;

    /// <summary>The initial learning rate; it falls to 0 along half a cosine.</summary>
    /// <value>The default is 2e-5, for Adam.</value>
    public float LearningRate { get; set; } = 2e-5f;

    /// <summary>The optimizer.</summary>
    /// <value>The default is Adam.</value>
    public Optimizer Optimizer { get; set; } = new Adam();

    /// <summary>The seed of the rows' order.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>The training runtime.</summary>
    /// <value>The default is null: <see cref="TrainingRuntime.Default"/>.</value>
    public ITrainingRuntime? Runtime { get; set; }

    internal QuantizationFineTuning Clone() => (QuantizationFineTuning)MemberwiseClone();

    internal void Check(OptionProblems problems)
    {
        problems.Check(Epochs >= 1, $"FineTuning.{nameof(Epochs)}", Epochs, "at least 1");
        problems.Check(BatchSize >= 1, $"FineTuning.{nameof(BatchSize)}", BatchSize, "at least 1");
        problems.Check(
            LearningRate > 0 && float.IsFinite(LearningRate),
            $"FineTuning.{nameof(LearningRate)}",
            LearningRate,
            "a positive number"
        );
        problems.Check(Optimizer is not null, $"FineTuning.{nameof(Optimizer)}", Optimizer, "an update rule");
    }
}
