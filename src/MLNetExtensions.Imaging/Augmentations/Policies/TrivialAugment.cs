using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Policies;

/// <summary>
/// Applies one operation of a fixed list at a random strength, with nothing to tune (Müller and Hutter, TrivialAugment, arXiv 2103.10158:
/// the wide space; list and ranges as in torchvision's TrivialAugmentWide). Apply it after the crop and the flip.
/// </summary>
public sealed record TrivialAugment : Augmentation
{
    private const int OperationCount = (int)PolicyOperation.Equalize + 1,
        Bins = 31;

    /// <summary>The gray level beyond the image.</summary>
    /// <value>The default is 0.</value>
    public byte Fill { get; init; }

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        KeyedRandom random = key.Open();
        var operation = (PolicyOperation)random.Below(OperationCount);
        double share = random.Below(Bins) / (Bins - 1.0),
            strength = operation switch
            {
                PolicyOperation.ShearX or PolicyOperation.ShearY => 0.99 * share,
                PolicyOperation.TranslateX or PolicyOperation.TranslateY => 32 * share,
                PolicyOperation.Rotate => 135 * share,
                PolicyOperation.Brightness or PolicyOperation.Color or PolicyOperation.Contrast or PolicyOperation.Sharpness => 0.99
                    * share,
                PolicyOperation.Posterize => 8 - Math.Round(6 * share),
                PolicyOperation.Solarize => 255 * (1 - share),
                _ => 0,
            };
        if (PolicyOperations.IsSigned(operation))
            strength *= random.Sign();
        PolicyOperations.Draw(operation, strength, key, plan, Fill);
    }
}
