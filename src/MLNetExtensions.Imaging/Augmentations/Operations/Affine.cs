using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Rotates, shears, scales and shifts about the center in one step (torchvision's RandomAffine).</summary>
public sealed record Affine : GeometricAugmentation
{
    /// <summary>The largest rotation in degrees, in either direction.</summary>
    /// <value>The default is 10.</value>
    public float MaxDegrees { get; init; } = 10;

    /// <summary>The largest horizontal shift, as a fraction of the width.</summary>
    /// <value>The default is 0.1.</value>
    public float MaxTranslateX { get; init; } = 0.1f;

    /// <summary>The largest vertical shift, as a fraction of the height.</summary>
    /// <value>The default is 0.1.</value>
    public float MaxTranslateY { get; init; } = 0.1f;

    /// <summary>The smallest scaling.</summary>
    /// <value>The default is 0.9.</value>
    public float MinScale { get; init; } = 0.9f;

    /// <summary>The largest scaling.</summary>
    /// <value>The default is 1.1.</value>
    public float MaxScale { get; init; } = 1.1f;

    /// <summary>The largest shear of the x axis in degrees, in either direction.</summary>
    /// <value>The default is 0.</value>
    public float MaxShearDegrees { get; init; }

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(MaxDegrees, 0, 180);
        checks.InRange(MaxTranslateX, 0, 1);
        checks.InRange(MaxTranslateY, 0, 1);
        checks.InRange(MinScale, 0.05f, 20);
        checks.InRange(MaxScale, 0.05f, 20);
        checks.InRange(MaxShearDegrees, 0, 80);
        checks.Ordered(MinScale, MaxScale);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        KeyedRandom random = key.Open();
        double angle = random.Uniform((double)-MaxDegrees, MaxDegrees) * Math.PI / 180,
            shear = random.Uniform((double)-MaxShearDegrees, MaxShearDegrees) * Math.PI / 180;
        double scale = random.Uniform((double)MinScale, MaxScale);
        double x = random.Uniform((double)-MaxTranslateX, MaxTranslateX) * plan.Width,
            y = random.Uniform((double)-MaxTranslateY, MaxTranslateY) * plan.Height;
        double centerX = plan.Width / 2.0,
            centerY = plan.Height / 2.0;
        (double sin, double cos) = Math.SinCos(angle);
        Homography toOutput = Homography
            .Translation(x, y)
            .After(Homography.About(centerX, centerY, scale * cos, scale * sin, -scale * sin, scale * cos))
            .After(Homography.About(centerX, centerY, 1, Math.Tan(shear), 0, 1));
        plan.Transform(toOutput.Inverse(), Border, Fill);
    }
}
