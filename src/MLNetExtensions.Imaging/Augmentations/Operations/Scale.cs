using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Zooms in or out about the center; the image keeps its size.</summary>
public sealed record Scale : GeometricAugmentation
{
    /// <summary>The smallest factor; below 1 the border is visible.</summary>
    /// <value>The default is 0.9.</value>
    public float MinFactor { get; init; } = 0.9f;

    /// <summary>The largest factor.</summary>
    /// <value>The default is 1.1.</value>
    public float MaxFactor { get; init; } = 1.1f;

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(MinFactor, 0.05f, 20);
        checks.InRange(MaxFactor, 0.05f, 20);
        checks.Ordered(MinFactor, MaxFactor);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        double inverse = 1 / key.Open().Uniform((double)MinFactor, MaxFactor);
        plan.Transform(Homography.About(plan.Width / 2.0, plan.Height / 2.0, inverse, 0, 0, inverse), Border, Fill);
    }
}
