using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Moves each corner inwards by a random amount of its own (torchvision's RandomPerspective).</summary>
public sealed record Perspective : GeometricAugmentation
{
    /// <summary>The largest shift of a corner, as a fraction of half the image's width and height.</summary>
    /// <value>The default is 0.3.</value>
    public float Distortion { get; init; } = 0.3f;

    internal override void Check(SettingChecks checks) => checks.InRange(Distortion, 0, 0.95f);

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        KeyedRandom random = key.Open();
        (int width, int height) = (plan.Width, plan.Height);
        double maxX = Distortion * width / 2,
            maxY = Distortion * height / 2;
        double x0 = random.Uniform(0, maxX),
            y0 = random.Uniform(0, maxY),
            x1 = width - random.Uniform(0, maxX),
            y1 = random.Uniform(0, maxY);
        double x2 = width - random.Uniform(0, maxX),
            y2 = height - random.Uniform(0, maxY),
            x3 = random.Uniform(0, maxX),
            y3 = height - random.Uniform(0, maxY);
        plan.Transform(Homography.ToQuadrilateral(width, height, [x0, y0, x1, y1, x2, y2, x3, y3]).Inverse(), Border, Fill);
    }
}
