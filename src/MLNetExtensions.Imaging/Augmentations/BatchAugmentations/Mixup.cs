using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.BatchAugmentations;

/// <summary>
/// Averages two images and their targets with a random weight (Zhang et al., mixup: Beyond Empirical Risk Minimization, arXiv 1710.09412);
/// one weight per batch.
/// </summary>
public sealed record Mixup : BatchAugmentation
{
    /// <summary>
    /// The parameter of Beta(Alpha, Alpha), from which the weight is drawn: small values keep one image almost unchanged.
    /// </summary>
    /// <value>The default is 0.2.</value>
    public float Alpha { get; init; } = 0.2f;

    internal override void Check(SettingChecks checks)
    {
        base.Check(checks);
        checks.Positive(Alpha);
    }

    internal override void Mix(DrawKey key, Span<float> pixels, Span<float> targets, int count, int height, int width)
    {
        float share = (float)key.Open().Beta(Alpha, Alpha);
        int[] partners = Partners(key.Child(0), count);
        int size = pixels.Length / count,
            classes = targets.Length / count;
        for (int i = 0; i < count; i++)
        {
            int j = partners[i];
            if (j <= i)
                continue;
            Blend(pixels.Slice(i * size, size), pixels.Slice(j * size, size), share);
            Blend(targets.Slice(i * classes, classes), targets.Slice(j * classes, classes), share);
        }
    }
}
