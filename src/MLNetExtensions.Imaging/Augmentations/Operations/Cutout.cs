using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>
/// Covers a square whose center may be anywhere, so that a part of it may lie outside (DeVries and Taylor, arXiv 1708.04552).
/// </summary>
public sealed record Cutout : Augmentation, IPixelOperation
{
    /// <summary>The square's side as a fraction of the image's shorter side.</summary>
    /// <value>The default is 0.5: 16 of CIFAR's 32 pixels, as in the paper.</value>
    public float Size { get; init; } = 0.5f;

    /// <summary>The gray level of the square.</summary>
    /// <value>The default is 124, about the mean of photos: nearly zero for the network, as in the paper.</value>
    public byte Fill { get; init; } = 124;

    internal override void Check(SettingChecks checks) => checks.InRange(Size, 0, 1);

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        KeyedRandom random = key.Open();
        int side = (int)Math.Round(Size * Math.Min(plan.Width, plan.Height));
        plan.Add(this, key, random.Below(plan.Width) - (side / 2), random.Below(plan.Height) - (side / 2), side);
    }

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image) =>
        Rectangles.Cover(image, Fill, key, (int)values[0], (int)values[1], (int)values[2], (int)values[2]);
}
