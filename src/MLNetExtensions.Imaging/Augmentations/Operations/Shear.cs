using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Shears about the center: rows are shifted in proportion to their height, columns in proportion to their place.</summary>
public sealed record Shear : GeometricAugmentation
{
    /// <summary>The largest shift of a row against the next, in pixels, in either direction.</summary>
    /// <value>The default is 0.2.</value>
    public float MaxX { get; init; } = 0.2f;

    /// <summary>The largest shift of a column against the next, in pixels, in either direction.</summary>
    /// <value>The default is 0.</value>
    public float MaxY { get; init; }

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(MaxX, 0, 2);
        checks.InRange(MaxY, 0, 2);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        KeyedRandom random = key.Open();
        Draw(plan, random.Uniform((double)-MaxX, MaxX), random.Uniform((double)-MaxY, MaxY), Border, Fill);
    }

    internal static void Draw(AugmentationPlan plan, double x, double y, BorderMode border, byte fill) =>
        plan.Transform(Homography.About(plan.Width / 2.0, plan.Height / 2.0, 1, x, y, 1), border, fill);
}
