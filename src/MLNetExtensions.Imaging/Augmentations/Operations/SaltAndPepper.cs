using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Makes single pixels white or black.</summary>
public sealed record SaltAndPepper : Augmentation, IPixelOperation
{
    /// <summary>The smallest fraction of pixels to change.</summary>
    /// <value>The default is 0.</value>
    public float MinAmount { get; init; }

    /// <summary>The largest fraction of pixels to change.</summary>
    /// <value>The default is 0.02.</value>
    public float MaxAmount { get; init; } = 0.02f;

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(MinAmount, 0, 1);
        checks.InRange(MaxAmount, 0, 1);
        checks.Ordered(MinAmount, MaxAmount);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Add(this, key, key.Open().Uniform(MinAmount, MaxAmount));

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image)
    {
        KeyedRandom random = key.Child(0).Open();
        int plane = image.PlaneSize;
        Span<byte> pixels = image.Colors;
        ulong limit = (ulong)(values[0] * (1UL << 63)) << 1;
        for (int i = 0; i < plane; i++)
        {
            ulong bits = random.Next();
            if (bits >= limit)
                continue;
            // The lowest bit is independent of the comparison above.
            byte value = (bits & 1) == 0 ? (byte)0 : (byte)255;
            for (int at = i; at < pixels.Length; at += plane)
                pixels[at] = value;
        }
    }
}
