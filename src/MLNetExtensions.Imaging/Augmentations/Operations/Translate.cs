using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Shifts by whole pixels.</summary>
public sealed record Translate : GeometricAugmentation
{
    /// <summary>The largest shift to either side, as a fraction of the width.</summary>
    /// <value>The default is 0.1.</value>
    public float MaxX { get; init; } = 0.1f;

    /// <summary>The largest shift up or down, as a fraction of the height.</summary>
    /// <value>The default is 0.1.</value>
    public float MaxY { get; init; } = 0.1f;

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(MaxX, 0, 1);
        checks.InRange(MaxY, 0, 1);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        KeyedRandom random = key.Open();
        Draw(plan, random.Uniform((double)-MaxX, MaxX) * plan.Width, random.Uniform((double)-MaxY, MaxY) * plan.Height, Border, Fill);
    }

    /// <summary>Shifts to the right and down.</summary>
    internal static void Draw(AugmentationPlan plan, double x, double y, BorderMode border, byte fill) =>
        plan.Crop(-(int)Math.Round(x), -(int)Math.Round(y), plan.Width, plan.Height, border, fill);
}
