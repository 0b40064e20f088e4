using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>
/// Pads all sides, then cuts out a window of the image's own size: a shift by at most <see cref="Padding"/> pixels (CIFAR's classic).
/// </summary>
public sealed record PadAndCrop : Augmentation
{
    /// <summary>The pixels added to each side.</summary>
    /// <value>The default is 4.</value>
    public int Padding { get; init; } = 4;

    /// <summary>The pixels shown in the padding.</summary>
    /// <value>The default is <see cref="BorderMode.Constant"/>.</value>
    public BorderMode Border { get; init; }

    /// <summary>The padding's gray level for <see cref="BorderMode.Constant"/>.</summary>
    /// <value>The default is 0.</value>
    public byte Fill { get; init; }

    internal override void Check(SettingChecks checks) => checks.InRange(Padding, 0, 4096);

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        KeyedRandom random = key.Open();
        plan.Crop(random.Between(-Padding, Padding), random.Between(-Padding, Padding), plan.Width, plan.Height, Border, Fill);
    }
}
