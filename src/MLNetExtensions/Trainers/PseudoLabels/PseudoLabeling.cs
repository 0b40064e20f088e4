using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;

namespace MLNetExtensions.Trainers.PseudoLabels;

/// <summary>
/// Learning from images without labels by their pseudo-labels (FixMatch, Sohn et al. 2020, arXiv 2001.07685): where the averaged network is
/// sure of a weakly augmented image, the network learns that class from a strongly augmented view of it.
/// </summary>
public sealed record PseudoLabeling
{
    /// <summary>The least probability of a class that makes it an image's label for a step.</summary>
    /// <value>The default is 0.95.</value>
    public float Threshold { get; init; } = 0.95f;

    /// <summary>The number of unlabeled images of a step, times the batch size.</summary>
    /// <value>The default is 3. The paper has 7.</value>
    public int Ratio { get; init; } = 3;

    /// <summary>The weight of the loss of unlabeled images.</summary>
    /// <value>The default is 1.</value>
    public float Weight { get; init; } = 1;

    /// <summary>The augmentation of the view that is learned; the labels come from the trainer's own augmentation.</summary>
    /// <value>The default is null: <see cref="Augment.Strong"/>.</value>
    public Augmentation? StrongAugmentation { get; init; }

    /// <summary>Records settings that are out of range.</summary>
    internal void Check(OptionProblems problems, string option)
    {
        problems.Check(Threshold is > 0 and <= 1, $"{option}.{nameof(Threshold)}", Threshold, "more than 0 and at most 1");
        problems.Check(Ratio is >= 1 and <= 64, $"{option}.{nameof(Ratio)}", Ratio, "1 to 64");
        problems.Check(Weight is > 0 and < float.PositiveInfinity, $"{option}.{nameof(Weight)}", Weight, "a positive number");
        StrongAugmentation?.Check(SettingChecks.Of(problems, $"{option}.{nameof(StrongAugmentation)}", StrongAugmentation));
    }
}
