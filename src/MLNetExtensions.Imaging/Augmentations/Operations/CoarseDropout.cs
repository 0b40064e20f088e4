using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Covers several small rectangles (albumentations' CoarseDropout).</summary>
public sealed record CoarseDropout : Augmentation, IPixelOperation
{
    /// <summary>The fewest rectangles.</summary>
    /// <value>The default is 1.</value>
    public int MinHoles { get; init; } = 1;

    /// <summary>The most rectangles.</summary>
    /// <value>The default is 8.</value>
    public int MaxHoles { get; init; } = 8;

    /// <summary>The smallest side, as a fraction of the image's.</summary>
    /// <value>The default is 0.05.</value>
    public float MinSize { get; init; } = 0.05f;

    /// <summary>The largest side, as a fraction of the image's.</summary>
    /// <value>The default is 0.15.</value>
    public float MaxSize { get; init; } = 0.15f;

    /// <summary>The gray level of the rectangles.</summary>
    /// <value>The default is 124, about the mean of photos.</value>
    public byte? Fill { get; init; } = 124;

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(MinHoles, 0, 10_000);
        checks.InRange(MaxHoles, 0, 10_000);
        checks.InRange(MinSize, 0, 1);
        checks.InRange(MaxSize, 0, 1);
        checks.Ordered(MinHoles, MaxHoles);
        checks.Ordered(MinSize, MaxSize);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        int holes = key.Open().Between(MinHoles, MaxHoles);
        for (int i = 0; i < holes; i++)
        {
            KeyedRandom random = key.Child(i).Open();
            int width = Math.Max(1, (int)Math.Round(random.Uniform((double)MinSize, MaxSize) * plan.Width));
            int height = Math.Max(1, (int)Math.Round(random.Uniform((double)MinSize, MaxSize) * plan.Height));
            plan.Add(
                this,
                key.Child(i).Child(0),
                random.Between(0, plan.Width - width),
                random.Between(0, plan.Height - height),
                width,
                height
            );
        }
    }

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image) =>
        Rectangles.Cover(image, Fill, key, (int)values[0], (int)values[1], (int)values[2], (int)values[3]);
}
