using System.Collections.Immutable;
using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations;

/// <summary>Applies several augmentations, one after the other.</summary>
public sealed record Compose : Augmentation
{
    /// <param name="steps">The augmentations, in the order in which they are applied; an empty list changes nothing.</param>
    /// <exception cref="ArgumentNullException">A step is null.</exception>
    public Compose(params IEnumerable<Augmentation> steps) => Steps = Operands.NoNulls(steps);

    /// <summary>The augmentations, in the order in which they are applied.</summary>
    public ImmutableArray<Augmentation> Steps { get; }

    internal override void Check(SettingChecks checks)
    {
        for (int i = 0; i < Steps.Length; i++)
            Steps[i].Check(checks.Inside(Steps[i], $"{nameof(Steps)}[{i}]"));
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        for (int i = 0; i < Steps.Length; i++)
            Steps[i].Draw(key.Child(i), plan);
    }
}
