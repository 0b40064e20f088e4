using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>
/// Resizes the image with its aspect kept to a random multiple of the size that just covers the network's input (torchvision's RandomResize,
/// relative); for a crop that follows.
/// </summary>
public sealed record RandomResize : Augmentation
{
    /// <summary>The smallest multiple.</summary>
    /// <value>The default is 0.5.</value>
    public float MinFactor { get; init; } = 0.5f;

    /// <summary>The largest multiple.</summary>
    /// <value>The default is 2.</value>
    public float MaxFactor { get; init; } = 2;

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(MinFactor, 0.05f, 20);
        checks.InRange(MaxFactor, 0.05f, 20);
        checks.Ordered(MinFactor, MaxFactor);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        double covers = Math.Max((double)plan.TargetWidth / plan.Width, (double)plan.TargetHeight / plan.Height),
            scale = covers * key.Open().Uniform((double)MinFactor, MaxFactor);
        plan.Resize(Math.Max(1, (int)Math.Round(plan.Width * scale)), Math.Max(1, (int)Math.Round(plan.Height * scale)));
    }
}
