using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Rotates about the center by a uniformly drawn angle.</summary>
public sealed record Rotate : GeometricAugmentation
{
    /// <summary>The smallest angle in degrees, counterclockwise.</summary>
    /// <value>The default is -10.</value>
    public float MinDegrees { get; init; } = -10;

    /// <summary>The largest angle in degrees, counterclockwise.</summary>
    /// <value>The default is 10.</value>
    public float MaxDegrees { get; init; } = 10;

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(MinDegrees, -360, 360);
        checks.InRange(MaxDegrees, -360, 360);
        checks.Ordered(MinDegrees, MaxDegrees);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan) =>
        Draw(plan, key.Open().Uniform((double)MinDegrees, MaxDegrees), Border, Fill);

    internal static void Draw(AugmentationPlan plan, double degrees, BorderMode border, byte fill)
    {
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        plan.Transform(Homography.About(plan.Width / 2.0, plan.Height / 2.0, cos, -sin, sin, cos), border, fill);
    }
}
