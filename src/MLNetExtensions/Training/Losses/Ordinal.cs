using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Losses;

/// <summary>
/// The loss of ordered classes (grades, ages), as in CORAL (arXiv 1901.07884): for n classes the network has n - 1 outputs, the logits of
/// "the class is above level k". A row's loss is the sum of their binary cross-entropies, so being off by two costs more than being off by
/// one.
/// </summary>
/// <param name="LevelWeights">A weight for each of the n - 1 levels, or null for 1.</param>
public sealed record Ordinal(IReadOnlyList<float>? LevelWeights = null) : ClassificationLoss
{
    /// <summary>Returns the class that a row of logits predicts: the number of levels that it is above.</summary>
    public static int ClassOf(ReadOnlySpan<float> logits)
    {
        int levels = 0;
        foreach (float logit in logits)
            levels += logit > 0 ? 1 : 0;
        return levels;
    }

    /// <summary>Writes for each row <c>label</c> ones and then zeros; labels go from 0 to <paramref name="width"/>.</summary>
    /// <inheritdoc/>
    /// <returns>The number of rows.</returns>
    public override float Encode(ReadOnlySpan<int> labels, int width, Span<float> targets)
    {
        for (int row = 0; row < labels.Length; row++)
        {
            Span<float> levels = targets.Slice(row * width, width);
            levels[..labels[row]].Fill(1);
            levels[labels[row]..].Clear();
        }
        return labels.Length;
    }

    /// <inheritdoc/>
    public override double Sum(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int width)
    {
        double sum = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            double weight = LevelWeights?[i % width] ?? 1;
            sum += weight * (targets[i] * Logits.Softplus(-outputs[i]) + (1 - targets[i]) * Logits.Softplus(outputs[i]));
        }
        return sum;
    }

    internal override void Check(SettingChecks checks) => checks.NoneNegative(LevelWeights);
}
