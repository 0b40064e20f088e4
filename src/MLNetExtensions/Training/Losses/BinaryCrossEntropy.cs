using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Losses;

/// <summary>
/// Binary cross-entropy of logits, for labels that do not exclude each other (multi-label), like PyTorch's BCEWithLogitsLoss: a row's loss
/// is the mean over its outputs of <c>-(weight * target * log(sigmoid(x)) + (1 - target) * log(1 - sigmoid(x)))</c>. A target is 1 if the
/// row has the label, 0 if not, or between; <see cref="TrainingBatch.TargetWeight"/> is the number of rows.
/// </summary>
/// <param name="PositiveWeights">The weight of a row with the label, for each label (often negatives / positives), or null for 1.</param>
public sealed record BinaryCrossEntropy(IReadOnlyList<float>? PositiveWeights = null) : Loss
{
    /// <inheritdoc/>
    public override double Sum(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int width)
    {
        double sum = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            double weight = PositiveWeights?[i % width] ?? 1;
            sum += weight * targets[i] * Logits.Softplus(-outputs[i]) + (1 - targets[i]) * Logits.Softplus(outputs[i]);
        }
        return sum / width;
    }

    internal override void Check(SettingChecks checks) => checks.NoneNegative(PositiveWeights);
}
