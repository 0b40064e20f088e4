using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Takes the colors away: all three channels become the gray level. One channel stays as it is.</summary>
public sealed record Grayscale : Augmentation, IPixelOperation
{
    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Add(this, key);

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image) => Saturation.Apply(image, 0);
}
