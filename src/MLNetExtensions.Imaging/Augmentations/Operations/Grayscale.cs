using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Takes the colours away: all three channels become the grey level. One channel stays as it is.</summary>
public sealed record Grayscale : Augmentation, IPixelOperation
{
    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Add(this, key);

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingPicture picture) => Saturation.Apply(picture, 0);
}
