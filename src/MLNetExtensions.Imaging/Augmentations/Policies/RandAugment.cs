using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Policies;

/// <summary>
/// Applies a few operations of a fixed list, all equally likely, all at one magnitude (Cubuk et al., RandAugment, arXiv 1909.13719; list
/// and ranges as in torchvision). Apply it after the crop and the flip.
/// </summary>
public sealed record RandAugment : Augmentation
{
    private const int OperationCount = (int)PolicyOperation.Equalize + 1;

    /// <summary>The number of operations per image.</summary>
    /// <value>The default is 2.</value>
    public int Operations { get; init; } = 2;

    /// <summary>The strength, 0 to 30.</summary>
    /// <value>The default is 9.</value>
    public int Magnitude { get; init; } = 9;

    /// <summary>The gray level beyond the image.</summary>
    /// <value>The default is 0.</value>
    public byte Fill { get; init; }

    private const int Bins = 31;

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(Operations, 0, 32);
        checks.InRange(Magnitude, 0, Bins - 1);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        double share = Magnitude / (Bins - 1.0);
        for (int i = 0; i < Operations; i++)
        {
            KeyedRandom random = key.Child(i).Open();
            var operation = (PolicyOperation)random.Below(OperationCount);
            double strength = Strength(operation, share, plan.Width, plan.Height);
            if (PolicyOperations.IsSigned(operation))
                strength *= random.Sign();
            PolicyOperations.Draw(operation, strength, key.Child(i), plan, Fill);
        }
    }

    /// <summary>The strength at a share of the largest, which AutoAugment has in common.</summary>
    internal static double Strength(PolicyOperation operation, double share, int width, int height) =>
        operation switch
        {
            PolicyOperation.ShearX or PolicyOperation.ShearY => 0.3 * share,
            PolicyOperation.TranslateX => 150.0 / 331 * width * share,
            PolicyOperation.TranslateY => 150.0 / 331 * height * share,
            PolicyOperation.Rotate => 30 * share,
            PolicyOperation.Brightness or PolicyOperation.Color or PolicyOperation.Contrast or PolicyOperation.Sharpness => 0.9 * share,
            PolicyOperation.Posterize => 8 - Math.Round(4 * share),
            PolicyOperation.Solarize => 255 * (1 - share),
            _ => 0,
        };
}
