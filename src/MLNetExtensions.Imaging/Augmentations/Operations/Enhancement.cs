using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>
/// Moves an image away from a plainer version of it, or toward it, by a random factor, like Pillow's ImageEnhance: 0 is the plain version,
/// 1 the image itself.
/// </summary>
public abstract record Enhancement : Augmentation, IPixelOperation
{
    private protected Enhancement() { }

    /// <summary>The smallest factor, at least 0.</summary>
    /// <value>The default is 0.6; 0 for <see cref="Sharpness"/>.</value>
    public float MinFactor { get; init; } = 0.6f;

    /// <summary>The largest factor.</summary>
    /// <value>The default is 1.4; 2 for <see cref="Sharpness"/>.</value>
    public float MaxFactor { get; init; } = 1.4f;

    internal override void Check(SettingChecks checks)
    {
        checks.AtLeast(MinFactor, 0);
        checks.AtLeast(MaxFactor, 0);
        checks.Ordered(MinFactor, MaxFactor);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Add(this, key, key.Open().Uniform(MinFactor, MaxFactor));

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image) => Enhance(image, values[0]);

    private protected abstract void Enhance(WorkingImage image, float factor);
}
