using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>
/// Crops a window of random area and aspect ratio and resizes it to the network's input (Szegedy et al., Going Deeper with Convolutions,
/// 2014; the draw is torchvision's: ten tries, then the center).
/// </summary>
public sealed record RandomResizedCrop : Augmentation
{
    private const int Tries = 10;

    /// <summary>The smallest fraction of the image's area.</summary>
    /// <value>The default is 0.08.</value>
    public float MinArea { get; init; } = 0.08f;

    /// <summary>The largest fraction of the image's area.</summary>
    /// <value>The default is 1.</value>
    public float MaxArea { get; init; } = 1;

    /// <summary>The smallest ratio of width to height; ratios are drawn evenly on a logarithmic scale.</summary>
    /// <value>The default is 3/4.</value>
    public float MinRatio { get; init; } = 3f / 4;

    /// <summary>The largest ratio of width to height.</summary>
    /// <value>The default is 4/3.</value>
    public float MaxRatio { get; init; } = 4f / 3;

    /// <summary>The width to resize to, in pixels.</summary>
    /// <value>The default is null: the network's input width.</value>
    public int? Width { get; init; }

    /// <summary>The height to resize to, in pixels.</summary>
    /// <value>The default is null: the network's input height.</value>
    public int? Height { get; init; }

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(MinArea, 1e-4f, 1);
        checks.InRange(MaxArea, 1e-4f, 1);
        checks.Positive(MinRatio);
        checks.Positive(MaxRatio);
        checks.AtLeast(Width, 1);
        checks.AtLeast(Height, 1);
        checks.Ordered(MinArea, MaxArea);
        checks.Ordered(MinRatio, MaxRatio);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        (int left, int top, int width, int height) = Window(key.Open(), plan.Width, plan.Height);
        plan.Crop(left, top, width, height);
        plan.Resize(Width ?? plan.TargetWidth, Height ?? plan.TargetHeight);
    }

    private (int Left, int Top, int Width, int Height) Window(KeyedRandom random, int width, int height)
    {
        double area = (double)width * height;
        double logMin = Math.Log(MinRatio),
            logMax = Math.Log(MaxRatio);
        for (int i = 0; i < Tries; i++)
        {
            double wanted = area * random.Uniform((double)MinArea, MaxArea);
            double ratio = Math.Exp(random.Uniform(logMin, logMax));
            int w = (int)Math.Round(Math.Sqrt(wanted * ratio)),
                h = (int)Math.Round(Math.Sqrt(wanted / ratio));
            if (w > 0 && w <= width && h > 0 && h <= height)
                return (random.Between(0, width - w), random.Between(0, height - h), w, h);
        }
        double own = (double)width / height;
        int centerWidth = own > MaxRatio ? Math.Max(1, (int)Math.Round(height * (double)MaxRatio)) : width;
        int centerHeight = own < MinRatio ? Math.Max(1, (int)Math.Round(width / (double)MinRatio)) : height;
        return ((width - centerWidth) / 2, (height - centerHeight) / 2, centerWidth, centerHeight);
    }
}
