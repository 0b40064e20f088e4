using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Boxes;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>
/// Crops a window of random size and shape that overlaps a box by at least a drawn intersection over union, or leaves the image as it is
/// (Liu et al., SSD, arXiv 1512.02325; the draw is torchvision's RandomIoUCrop). An image without boxes stays as it is.
/// </summary>
/// <remarks>
/// Boxes whose centers lie outside do not count for the overlap. Which of them stay is up to how much of them is visible, as after any other
/// crop.
/// </remarks>
public sealed record IouCrop : Augmentation
{
    // The paper's; 1 stands for the whole image.
    private static readonly float[] Overlaps = [0, 0.1f, 0.3f, 0.5f, 0.7f, 0.9f, 1];

    /// <summary>The smallest side of the window, as a fraction of the image's.</summary>
    /// <value>The default is 0.3.</value>
    public float MinScale { get; init; } = 0.3f;

    /// <summary>The largest side of the window, as a fraction of the image's.</summary>
    /// <value>The default is 1.</value>
    public float MaxScale { get; init; } = 1;

    /// <summary>The smallest ratio of the window's width to its height.</summary>
    /// <value>The default is 0.5.</value>
    public float MinRatio { get; init; } = 0.5f;

    /// <summary>The largest ratio of the window's width to its height.</summary>
    /// <value>The default is 2.</value>
    public float MaxRatio { get; init; } = 2;

    /// <summary>The number of windows that are tried for a drawn overlap, before another one is drawn.</summary>
    /// <value>The default is 40.</value>
    public int Trials { get; init; } = 40;

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(MinScale, 0.01f, 1);
        checks.InRange(MaxScale, 0.01f, 1);
        checks.Positive(MinRatio);
        checks.Positive(MaxRatio);
        checks.InRange(Trials, 1, 10_000);
        checks.Ordered(MinScale, MaxScale);
        checks.Ordered(MinRatio, MaxRatio);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        if (plan.BoxesSoFar() is not { Count: > 0 } boxes)
            return;
        KeyedRandom random = key.Open();
        // torchvision draws until something fits. The whole image always does, but is drawn once in seven times only.
        while (true)
        {
            float overlap = Overlaps[random.Below(Overlaps.Length)];
            if (overlap >= 1)
                return;
            for (int i = 0; i < Trials; i++)
            {
                int width = (int)(plan.Width * random.Uniform((double)MinScale, MaxScale)),
                    height = (int)(plan.Height * random.Uniform((double)MinScale, MaxScale));
                if (width == 0 || height == 0)
                    continue;
                double ratio = (double)width / height;
                if (ratio < MinRatio || ratio > MaxRatio)
                    continue;
                int left = random.Between(0, plan.Width - width),
                    top = random.Between(0, plan.Height - height);
                if (!Overlap(boxes, new ImageBox(left, top, left + width, top + height), overlap))
                    continue;
                plan.Crop(left, top, width, height);
                return;
            }
        }
    }

    private static bool Overlap(BoxSet boxes, in ImageBox window, float least)
    {
        for (int i = 0; i < boxes.Count; i++)
        {
            ImageBox box = boxes[i];
            float x = (box.Left + box.Right) / 2,
                y = (box.Top + box.Bottom) / 2;
            bool isInside = x > window.Left && x < window.Right && y > window.Top && y < window.Bottom;
            if (isInside && box.IntersectionOverUnion(window) >= least)
                return true;
        }
        return false;
    }
}
