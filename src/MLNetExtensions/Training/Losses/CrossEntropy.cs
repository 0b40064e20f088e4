using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Losses;

/// <summary>
/// Softmax cross-entropy between logits and classes: the sum over rows and classes of <c>-target * log_softmax(logits)</c>, divided by
/// <see cref="TrainingBatch.TargetWeight"/>. Label smoothing and class weights are part of the targets, as in PyTorch's CrossEntropyLoss;
/// targets between classes (mixup, cutmix) are allowed.
/// </summary>
/// <param name="LabelSmoothing">The fraction of each target to spread evenly over all classes, 0 to 1 (arXiv 1512.00567).</param>
/// <param name="ClassWeights">A weight for each class, or null for equal weights.</param>
public sealed record CrossEntropy(float LabelSmoothing = 0, IReadOnlyList<float>? ClassWeights = null) : ClassificationLoss
{
    /// <inheritdoc/>
    /// <returns>The divisor of the summed loss: the sum of the rows' class weights.</returns>
    public override float Encode(ReadOnlySpan<int> labels, int width, Span<float> targets)
    {
        float total = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            Span<float> target = targets.Slice(row * width, width);
            for (int c = 0; c < width; c++)
                target[c] = LabelSmoothing / width * Weight(c);
            target[labels[row]] += (1 - LabelSmoothing) * Weight(labels[row]);
            total += Weight(labels[row]);
        }
        return total;
    }

    /// <inheritdoc/>
    public override double Sum(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int width)
    {
        double sum = 0;
        for (int offset = 0; offset < outputs.Length; offset += width)
            sum += Row(outputs.Slice(offset, width), targets.Slice(offset, width));
        return sum;
    }

    /// <summary>The cross-entropy of one row.</summary>
    internal static double Row(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets)
    {
        double logTotal = Logits.LogSumExp(logits),
            sum = 0;
        for (int c = 0; c < logits.Length; c++)
            sum += targets[c] * (logTotal - logits[c]);
        return sum;
    }

    private float Weight(int label) => ClassWeights?[label] ?? 1;

    internal override void Check(SettingChecks checks)
    {
        checks.BelowOne(LabelSmoothing);
        checks.NoneNegative(ClassWeights);
    }
}
