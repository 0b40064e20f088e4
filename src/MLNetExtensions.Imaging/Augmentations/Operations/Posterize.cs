using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Keeps only the upper bits of each value.</summary>
public sealed record Posterize : Augmentation, IPixelOperation
{
    /// <summary>The fewest bits kept.</summary>
    /// <value>The default is 4.</value>
    public int MinBits { get; init; } = 4;

    /// <summary>The most bits kept; 8 changes nothing.</summary>
    /// <value>The default is 8.</value>
    public int MaxBits { get; init; } = 8;

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(MinBits, 1, 8);
        checks.InRange(MaxBits, 1, 8);
        checks.Ordered(MinBits, MaxBits);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Add(this, key, key.Open().Between(MinBits, MaxBits));

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image) => Apply(image, (int)values[0]);

    internal static void Apply(WorkingImage image, int bits)
    {
        Span<byte> table = stackalloc byte[256];
        for (int value = 0; value < 256; value++)
            table[value] = (byte)(value & (0xFF00 >> bits));
        image.Lookup(table);
    }
}
