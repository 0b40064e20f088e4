using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>
/// Crops a window of the network's input size at a random position; a smaller image is first resized to cover it, or padded.
/// </summary>
public sealed record RandomCrop : Augmentation
{
    /// <summary>The window's width in pixels.</summary>
    /// <value>The default is null: the network's input width.</value>
    public int? Width { get; init; }

    /// <summary>The window's height in pixels.</summary>
    /// <value>The default is null: the network's input height.</value>
    public int? Height { get; init; }

    /// <summary>True to pad an image that is smaller than the window, at random on both sides; false to resize it.</summary>
    /// <value>The default is false.</value>
    public bool PadIfNeeded { get; init; }

    /// <summary>The padding's gray level.</summary>
    /// <value>The default is 0.</value>
    public byte Fill { get; init; }

    internal override void Check(SettingChecks checks)
    {
        checks.AtLeast(Width, 1);
        checks.AtLeast(Height, 1);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        KeyedRandom random = key.Open();
        (int width, int height) = (Width ?? plan.TargetWidth, Height ?? plan.TargetHeight);
        if (!PadIfNeeded && (plan.Width < width || plan.Height < height))
        {
            double scale = Math.Max((double)width / plan.Width, (double)height / plan.Height);
            plan.Resize(Math.Max(width, (int)Math.Round(plan.Width * scale)), Math.Max(height, (int)Math.Round(plan.Height * scale)));
        }
        (int spareX, int spareY) = (plan.Width - width, plan.Height - height);
        int left = random.Between(Math.Min(0, spareX), Math.Max(0, spareX)),
            top = random.Between(Math.Min(0, spareY), Math.Max(0, spareY));
        plan.Crop(left, top, width, height, BorderMode.Constant, Fill);
    }
}
