using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Adds independent normal noise to every value.</summary>
public sealed record GaussianNoise : Augmentation, IPixelOperation
{
    // 4096 quantiles: the noise ends at 3.7 standard deviations.
    private static readonly float[] Quantiles = MakeQuantiles(12);

    /// <summary>The smallest standard deviation in gray levels.</summary>
    /// <value>The default is 2.</value>
    public float MinSigma { get; init; } = 2;

    /// <summary>The largest standard deviation in gray levels.</summary>
    /// <value>The default is 12.</value>
    public float MaxSigma { get; init; } = 12;

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(MinSigma, 0, 255);
        checks.InRange(MaxSigma, 0, 255);
        checks.Ordered(MinSigma, MaxSigma);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Add(this, key, key.Open().Uniform(MinSigma, MaxSigma));

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image)
    {
        KeyedRandom random = key.Child(0).Open();
        Span<byte> pixels = image.Colors;
        float[] quantiles = Quantiles;
        float sigma = values[0];
        for (int i = 0; i < pixels.Length; )
        {
            ulong bits = random.Next();
            for (int end = Math.Min(i + 5, pixels.Length); i < end; i++, bits >>= 12)
                pixels[i] = (byte)Math.Clamp(pixels[i] + (sigma * quantiles[bits & 4095]) + 0.5f, 0, 255);
        }
    }

    private static float[] MakeQuantiles(int bits)
    {
        float[] quantiles = new float[1 << bits];
        for (int i = 0; i < quantiles.Length; i++)
            quantiles[i] = (float)Quantile((i + 0.5) / quantiles.Length);
        return quantiles;
    }

    /// <summary>The normal distribution's quantile, by bisection of its distribution function.</summary>
    private static double Quantile(double probability)
    {
        double low = -5,
            high = 5;
        for (int i = 0; i < 40; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = Distribution(middle) < probability ? (middle, high) : (low, middle);
        }
        return low;
    }

    /// <summary>The normal distribution function, by Marsaglia's series (Journal of Statistical Software, 2004).</summary>
    private static double Distribution(double x)
    {
        double sum = x,
            term = x;
        for (int i = 3; Math.Abs(term) > 1e-12; i += 2)
        {
            term *= x * x / i;
            sum += term;
        }
        return 0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }
}
