using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>Rotates the color circle (torchvision's hue on Pillow: in 8-bit HSV).</summary>
public sealed record Hue : Augmentation, IPixelOperation
{
    /// <summary>The largest shift in either direction, as a fraction of the color circle: 0.5 is the opposite color.</summary>
    /// <value>The default is 0.1.</value>
    public float MaxShift { get; init; } = 0.1f;

    internal override void Check(SettingChecks checks) => checks.InRange(MaxShift, 0, 0.5f);

    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Add(this, key, key.Open().Uniform(-MaxShift, MaxShift));

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image) => Apply(image, values[0]);

    // torchvision adds int(shift * 255), truncated, to a byte that wraps around.
    internal static void Apply(WorkingImage image, float shift)
    {
        if (image.ColorChannels == 3)
            HueRotation.Run(image.Colors, (byte)(int)(shift * 255));
    }
}
