using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>
/// Crops the center of the image with the network's aspect ratio and resizes it to the input with Pillow's antialiased bilinear filter;
/// nothing is random. For files that are read at their original size; training and scoring prepare images with
/// <see cref="ImagePreprocessing"/>.
/// </summary>
public sealed record CenterCrop : Augmentation
{
    /// <summary>The fraction of the largest such window's sides to keep.</summary>
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
