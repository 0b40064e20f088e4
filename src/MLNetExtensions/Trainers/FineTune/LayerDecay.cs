using MLNetExtensions.Imaging;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>
/// Layer-wise learning-rate decay: each group of layers has the multiplier of the group behind it, times a factor (arXiv 2106.08254; timm's
/// <c>layer_decay</c>).
/// </summary>
/// <param name="Factor">The factor, 0.01 to 1. The last group's multiplier is the factor itself, as the head's is 1. Common
/// values are 0.65 to 0.9.</param>
public sealed record LayerDecay(float Factor = 0.75f) : LayerRates
{
    /// <summary>The smallest multiplier.</summary>
    /// <value>The default is 0.</value>
    public float Minimum { get; init; }

    internal override IReadOnlyList<float> Of(int groups) =>
        [.. Enumerable.Range(0, groups).Select(i => Math.Max(Minimum, (float)Math.Pow(Factor, groups - i)))];

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(Factor, 0.01f, 1);
        checks.InRange(Minimum, 0, 1);
    }
}
