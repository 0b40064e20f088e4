using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Losses;

/// <summary>
/// Focal loss over softmax classes (arXiv 1708.02002): <c>-alpha * (1 - p)^gamma * log(p)</c> of the true class's probability, so that rows
/// that are already right have less weight; for sets with rare classes. Targets between classes are allowed: each class adds its term,
/// weighted by its target.
/// </summary>
/// <param name="Gamma">The strength with which confident rows are down-weighted; 0 is cross-entropy.</param>
/// <param name="Alpha">A weight for each class, or null for 1. As in the paper, the loss is divided by the rows, not by their
/// weights.</param>
public sealed record Focal(float Gamma = 2, IReadOnlyList<float>? Alpha = null) : ClassificationLoss
{
    /// <inheritdoc/>
    /// <returns>The number of rows.</returns>
    public override float Encode(ReadOnlySpan<int> labels, int width, Span<float> targets)
    {
        targets[..(labels.Length * width)].Clear();
        for (int row = 0; row < labels.Length; row++)
            targets[row * width + labels[row]] = Alpha?[labels[row]] ?? 1;
        return labels.Length;
    }

    /// <inheritdoc/>
    public override double Sum(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int width)
    {
        double sum = 0;
        for (int offset = 0; offset < outputs.Length; offset += width)
        {
            ReadOnlySpan<float> row = outputs.Slice(offset, width);
            double logTotal = Logits.LogSumExp(row);
            for (int c = 0; c < width; c++)
            {
                double logProbability = row[c] - logTotal;
                sum -= targets[offset + c] * Math.Pow(1 - Math.Exp(logProbability), Gamma) * logProbability;
            }
        }
        return sum;
    }

    internal override void Check(SettingChecks checks)
    {
        checks.AtLeast(Gamma, 0);
        checks.NoneNegative(Alpha);
    }
}
