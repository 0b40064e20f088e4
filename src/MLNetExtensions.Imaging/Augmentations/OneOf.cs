using System.Collections.Immutable;
using MLNetExtensions.Imaging.Augmentations.Engine;

namespace MLNetExtensions.Imaging.Augmentations;

/// <summary>Applies one of several augmentations to each image, all equally likely.</summary>
public sealed record OneOf : Augmentation
{
    /// <param name="choices">The augmentations to choose from, at least one.</param>
    /// <exception cref="ArgumentException">There is no choice.</exception>
    /// <exception cref="ArgumentNullException">A choice is null.</exception>
    public OneOf(params IEnumerable<Augmentation> choices)
    {
        Choices = Operands.NoNulls(choices);
        if (Choices.IsEmpty)
            throw new ArgumentException("OneOf needs at least one augmentation to choose from.", nameof(choices));
    }

    /// <summary>The augmentations to choose from.</summary>
    public ImmutableArray<Augmentation> Choices { get; }

    internal override void Check(SettingChecks checks)
    {
        for (int i = 0; i < Choices.Length; i++)
            Choices[i].Check(checks.Inside(Choices[i], $"{nameof(Choices)}[{i}]"));
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan)
    {
        int choice = key.Open().Below(Choices.Length);
        Choices[choice].Draw(key.Child(choice), plan);
    }
}
