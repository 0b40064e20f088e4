using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>
/// Nothing random: the middle of the image in the network's shape, resized to its input with Pillow's antialiased bilinear filter. For files that are
/// read at their own size; what training and scoring do to images is <see cref="ImagePreprocessing"/>.
/// </summary>
public sealed record CenterCrop : Augmentation
{
    /// <summary>The share of the largest such window's sides that is kept.</summary>
    /// <value>The default is 1.</value>
    public float Fraction { get; init; } = 1;

    internal override void Check(SettingChecks checks) => checks.InRange(Fraction, 0.01f, 1);

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        double scale = Math.Min((double)plan.Width / plan.TargetWidth, (double)plan.Height / plan.TargetHeight) * Fraction;
        int width = Math.Clamp((int)Math.Round(scale * plan.TargetWidth), 1, plan.Width);
        int height = Math.Clamp((int)Math.Round(scale * plan.TargetHeight), 1, plan.Height);
        plan.Crop((plan.Width - width) / 2, (plan.Height - height) / 2, width, height);
        plan.Resize(plan.TargetWidth, plan.TargetHeight);
    }
}
