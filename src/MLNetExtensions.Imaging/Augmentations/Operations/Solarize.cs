using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Inverts the values from a threshold on.</summary>
public sealed record Solarize : Augmentation, IPixelOperation
{
    /// <summary>The smallest threshold; 0 inverts everything.</summary>
    /// <value>The default is 128.</value>
    public int MinThreshold { get; init; } = 128;

    /// <summary>The largest threshold; 256 inverts nothing.</summary>
    /// <value>The default is 256.</value>
    public int MaxThreshold { get; init; } = 256;

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(MinThreshold, 0, 256);
        checks.InRange(MaxThreshold, 0, 256);
        checks.Ordered(MinThreshold, MaxThreshold);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Add(this, key, key.Open().Between(MinThreshold, MaxThreshold));

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image) => Apply(image, (int)values[0]);

    internal static void Apply(WorkingImage image, int threshold)
    {
        Span<byte> table = stackalloc byte[256];
        for (int value = 0; value < 256; value++)
            table[value] = (byte)(value < threshold ? value : 255 - value);
        image.Lookup(table);
    }
}
