using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>
/// Resizes the image with its aspect kept until it fits, and fills the rest with one gray level (YOLO's letterbox); nothing is random. The
/// image lies where ML.NET's ResizeImages with IsoPad draws it.
/// </summary>
public sealed record LetterboxResize : Augmentation
{
    /// <summary>The width in pixels.</summary>
    /// <value>The default is null: the network's input width.</value>
    public int? Width { get; init; }

    /// <summary>The height in pixels.</summary>
    /// <value>The default is null: the network's input height.</value>
    public int? Height { get; init; }

    /// <summary>The gray level beside the image.</summary>
    /// <value>The default is 114, YOLO's; ML.NET's ResizeImages has 0.</value>
    public byte Fill { get; init; } = LabeledAugmenter.DefaultFill;

    internal override void Check(SettingChecks checks)
    {
        checks.AtLeast(Width, 1);
        checks.AtLeast(Height, 1);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan) =>
        plan.Fit(Width ?? plan.TargetWidth, Height ?? plan.TargetHeight, ImageResizeMode.Pad, Fill);
}
