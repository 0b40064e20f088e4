using MLNetExtensions.Augmentations.Engine;

namespace MLNetExtensions.Augmentations.Operations;

/// <summary>Multiplies all values by a factor (torchvision's and Pillow's brightness).</summary>
public sealed record Brightness : Augmentation, IPixelOperation
{
    /// <summary>The smallest factor; 0 is black.</summary>
    /// <value>The default is 0.6.</value>
    public float MinFactor { get; init; } = 0.6f;

    /// <summary>The largest factor; 1 changes nothing.</summary>
    /// <value>The default is 1.4.</value>
    public float MaxFactor { get; init; } = 1.4f;

    internal override void Check(SettingChecks checks)
    {
        checks.AtLeast(MinFactor, 0);
        checks.AtLeast(MaxFactor, 0);
        checks.Ordered(MinFactor, MaxFactor);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Add(this, key, key.Open().Uniform(MinFactor, MaxFactor));

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingPicture picture) => Apply(picture, values[0]);

    internal static void Apply(WorkingPicture picture, float factor) => Blending.Lookup(picture, 0, factor);
}
