using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Covers a rectangle of random area, shape and place (Zhong et al., Random Erasing, arXiv 1708.04896).</summary>
public sealed record Erasing : Augmentation, IPixelOperation
{
    private const int Tries = 10;

    /// <summary>The smallest fraction of the area.</summary>
    /// <value>The default is 0.02.</value>
    public float MinArea { get; init; } = 0.02f;

    /// <summary>The largest fraction of the area.</summary>
    /// <value>The default is 0.33.</value>
    public float MaxArea { get; init; } = 0.33f;

    /// <summary>The smallest ratio of height to width; the largest is its inverse.</summary>
    /// <value>The default is 0.3.</value>
    public float MinRatio { get; init; } = 0.3f;

    /// <summary>The gray level of the rectangle.</summary>
    /// <value>The default is null: noise, as in the paper.</value>
    public byte? Fill { get; init; }

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(MinArea, 0, 1);
        checks.InRange(MaxArea, 0, 1);
        checks.InRange(MinRatio, 0.01f, 1);
        checks.Ordered(MinArea, MaxArea);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        KeyedRandom random = key.Open();
        for (int i = 0; i < Tries; i++)
        {
            double area = random.Uniform((double)MinArea, MaxArea) * plan.Width * plan.Height;
            double ratio = Math.Exp(random.Uniform(Math.Log(MinRatio), -Math.Log(MinRatio)));
            int width = (int)Math.Round(Math.Sqrt(area / ratio)),
                height = (int)Math.Round(Math.Sqrt(area * ratio));
            if (width >= plan.Width || height >= plan.Height)
                continue;
            plan.Add(this, key, random.Between(0, plan.Width - width), random.Between(0, plan.Height - height), width, height);
            return;
        }
    }

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image) =>
        Rectangles.Cover(image, Fill, key.Child(0), (int)values[0], (int)values[1], (int)values[2], (int)values[3]);
}
