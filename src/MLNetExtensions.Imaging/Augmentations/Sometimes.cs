using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations;

/// <summary>Applies an augmentation to a fraction of the images; the others do not change.</summary>
public sealed record Sometimes : Augmentation
{
    /// <param name="probability">The fraction of images to augment, 0 to 1.</param>
    /// <param name="augmentation">The augmentation to apply.</param>
    /// <exception cref="ArgumentNullException"><paramref name="augmentation"/> is null.</exception>
    public Sometimes(float probability, Augmentation augmentation)
    {
        ArgumentNullException.ThrowIfNull(augmentation);
        Probability = probability;
        Augmentation = augmentation;
    }

    /// <summary>The fraction of images it is done to, 0 to 1.</summary>
    public float Probability { get; }

    /// <summary>The augmentation to apply.</summary>
    public Augmentation Augmentation { get; }

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(Probability, 0, 1);
        Augmentation.Check(checks.Inside(Augmentation, nameof(Augmentation)));
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        if (key.Open().IsTrue(Probability))
            Augmentation.Draw(key.Child(0), plan);
    }
}
