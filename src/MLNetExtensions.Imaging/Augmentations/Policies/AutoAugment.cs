using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations.Policies;

/// <summary>
/// Applies one of 25 learned pairs of operations, each with its probability and magnitude (Cubuk et al., AutoAugment, arXiv 1805.09501; the
/// published tables, ranges as in torchvision). Apply it after the crop and the flip.
/// </summary>
public sealed record AutoAugment : Augmentation
{
    // Magnitudes in the tables are 0 to 9.
    private const double LargestMagnitude = 9;

    private readonly PolicyPair[] _pairs;

    private AutoAugment(PolicyPair[] pairs) => _pairs = pairs;

    /// <summary>The policy learned on CIFAR-10.</summary>
    public static AutoAugment Cifar10 { get; } = new(AutoAugmentTables.Cifar10);

    /// <summary>The policy learned on ImageNet.</summary>
    public static AutoAugment ImageNet { get; } = new(AutoAugmentTables.ImageNet);

    /// <summary>The gray level beyond the image.</summary>
    /// <value>The default is 0.</value>
    public byte Fill { get; init; }

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        PolicyPair pair = _pairs[key.Open().Below(_pairs.Length)];
        Draw(pair.First, key.Child(0), plan);
        Draw(pair.Second, key.Child(1), plan);
    }

    private void Draw(PolicyChoice choice, DrawKey key, AugmentationPlan plan)
    {
        KeyedRandom random = key.Open();
        if (!random.IsTrue(choice.Probability))
            return;
        double strength = RandAugment.Strength(choice.Operation, choice.Magnitude / LargestMagnitude, plan.Width, plan.Height);
        if (PolicyOperations.IsSigned(choice.Operation))
            strength *= random.Sign();
        PolicyOperations.Draw(choice.Operation, strength, key, plan, Fill);
    }
}
