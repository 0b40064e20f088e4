using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Mirrors top and bottom.</summary>
public sealed record VerticalFlip : Augmentation
{
    /// <summary>The fraction of images to mirror, 0 to 1.</summary>
    /// <value>The default is 0.5.</value>
    public float Probability { get; init; } = 0.5f;

    internal override void Check(SettingChecks checks) => checks.InRange(Probability, 0, 1);

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        if (key.Open().IsTrue(Probability))
            plan.FlipVertically();
    }
}
