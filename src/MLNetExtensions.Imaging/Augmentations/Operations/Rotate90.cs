using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Rotates by 0, 90, 180 or 270 degrees, all equally likely; for images without an up, such as aerial photos.</summary>
public sealed record Rotate90 : Augmentation
{
    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Rotate90(key.Open().Below(4));
}
