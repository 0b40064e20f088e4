namespace MLNetExtensions.Training.Losses;

/// <summary>
/// Softmax cross-entropy between logits and classes: the sum over rows and classes of <c>-target * log_softmax(logits)</c>, divided by
/// <see cref="TrainingBatch.TargetWeight"/>. Label smoothing and class weights live in the targets, as in PyTorch's CrossEntropyLoss.
/// </summary>
/// <param name="LabelSmoothing">The share of each target that is spread evenly over all classes, 0 to 1 (arXiv 1512.00567).</param>
/// <param name="ClassWeights">A weight for each class, or null for equal weights.</param>
public sealed record CrossEntropy(float LabelSmoothing = 0, IReadOnlyList<float>? ClassWeights = null) : Loss
{
    /// <summary>Writes the targets of some rows.</summary>
    /// <param name="labels">The class of each row, from 0.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="targets">Gets labels x classes values.</param>
    /// <returns>What the summed loss is divided by: the sum of the rows' class weights.</returns>
    public float Encode(ReadOnlySpan<int> labels, int classes, Span<float> targets)
    {
        float total = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            Span<float> target = targets.Slice(row * classes, classes);
            for (int c = 0; c < classes; c++)
                target[c] = LabelSmoothing / classes * Weight(c);
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
        {
            ReadOnlySpan<float> row = outputs.Slice(offset, width);
            double logTotal = LogSumExp(row);
            for (int c = 0; c < width; c++)
                sum += targets[offset + c] * (logTotal - row[c]);
        }
        return sum;
    }

    /// <summary>The logarithm of the sum of exponentials.</summary>
    internal static double LogSumExp(ReadOnlySpan<float> row)
    {
        float max = System.Numerics.Tensors.TensorPrimitives.Max(row);
        double total = 0;
        foreach (float logit in row)
            total += Math.Exp(logit - max);
        return max + Math.Log(total);
    }

    private float Weight(int label) => ClassWeights?[label] ?? 1;
}
