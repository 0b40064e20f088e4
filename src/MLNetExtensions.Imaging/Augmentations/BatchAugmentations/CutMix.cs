using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.BatchAugmentations;

/// <summary>
/// Replaces a rectangle of each image by that of another image, and the same fraction of the target (Yun et al., CutMix, arXiv 1905.04899);
/// one rectangle per batch.
/// </summary>
public sealed record CutMix : BatchAugmentation
{
    /// <summary>The parameter of Beta(Alpha, Alpha), from which the fraction to keep is drawn; 1 is uniform.</summary>
    /// <value>The default is 1.</value>
    public float Alpha { get; init; } = 1;

    internal override void Check(SettingChecks checks)
    {
        base.Check(checks);
        checks.Positive(Alpha);
    }

    internal override void Mix(DrawKey key, Span<float> pixels, Span<float> targets, int count, int height, int width)
    {
        KeyedRandom random = key.Open();
        double cut = Math.Sqrt(1 - random.Beta(Alpha, Alpha));
        int centerX = random.Below(width),
            centerY = random.Below(height);
        int halfWidth = (int)(width * cut) / 2,
            halfHeight = (int)(height * cut) / 2;
        int left = Math.Max(0, centerX - halfWidth),
            right = Math.Min(width, centerX + halfWidth);
        int top = Math.Max(0, centerY - halfHeight),
            bottom = Math.Min(height, centerY + halfHeight);
        // The rectangle is cut at the edge: what counts is what is seen.
        float share = 1 - ((float)((right - left) * (bottom - top)) / (width * height));
        int[] partners = Partners(key.Child(0), count);
        int classes = targets.Length / count,
            channels = pixels.Length / (count * height * width);
        for (int i = 0; i < count; i++)
        {
            int j = partners[i];
            if (j <= i)
                continue;
            for (int channel = 0; channel < channels; channel++)
            for (int y = top; y < bottom; y++)
                Swap(Row(pixels, i, channel, y), Row(pixels, j, channel, y));
            Blend(targets.Slice(i * classes, classes), targets.Slice(j * classes, classes), share);
        }

        Span<float> Row(Span<float> all, int image, int channel, int y) =>
            all.Slice((((((image * channels) + channel) * height) + y) * width) + left, right - left);

        static void Swap(Span<float> one, Span<float> other)
        {
            for (int x = 0; x < one.Length; x++)
                (one[x], other[x]) = (other[x], one[x]);
        }
    }
}
