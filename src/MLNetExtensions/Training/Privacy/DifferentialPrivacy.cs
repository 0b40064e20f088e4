using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Privacy;

/// <summary>
/// Training with differential privacy (DP-SGD, Abadi et al. 2016, arXiv 1607.00133): what the trained weights disclose about any single
/// training image is bounded by epsilon.
/// </summary>
/// <remarks>
/// Each step takes every image with the same small probability, by itself (Poisson sampling), so that batches differ in size. The gradient
/// of each image is scaled down to <see cref="MaxGradientNorm"/>, and Gaussian noise is added to their sum. The promise covers the weights.
/// It does not cover what is chosen or reported beside them: the set of classes, settings chosen by comparing runs on the same images, the
/// losses and accuracies of the log. Epsilon falls with more images, fewer epochs and smaller batches.
/// </remarks>
public sealed record DifferentialPrivacy
{
    /// <summary>The epsilon where nothing is given.</summary>
    internal const double DefaultEpsilon = 8;

    /// <summary>The epsilon to keep. The noise is chosen for it before training.</summary>
    /// <value>The default is null: 8, or what follows from <see cref="NoiseMultiplier"/>.</value>
    public double? Epsilon { get; init; }

    /// <summary>The probability with which the promise may fail. It must be less than one over the number of images.</summary>
    /// <value>The default is null: the number of training images to the power of -1.1.</value>
    public double? Delta { get; init; }

    /// <summary>The noise's standard deviation over <see cref="MaxGradientNorm"/>; epsilon follows from it.</summary>
    /// <value>The default is null: chosen for <see cref="Epsilon"/>.</value>
    public double? NoiseMultiplier { get; init; }

    /// <summary>The largest norm of an image's gradient, over all weights together; larger ones are scaled down to it.</summary>
    /// <value>The default is 1.</value>
    public double MaxGradientNorm { get; init; } = 1;

    /// <summary>
    /// The seed of the sampling and of the noise. Whoever knows it can take the noise away: give it for tests alone.
    /// </summary>
    /// <value>The default is null: the system's cryptographic source.</value>
    public int? NoiseSeed { get; init; }

    /// <summary>Records settings that are out of range.</summary>
    /// <param name="problems">Gets them.</param>
    /// <param name="option">The name of the option that holds this.</param>
    internal void Check(OptionProblems problems, string option)
    {
        problems.Check(
            Epsilon is null || NoiseMultiplier is null,
            $"{option}.{nameof(Epsilon)}",
            Epsilon,
            "null where NoiseMultiplier is given"
        );
        Positive(Epsilon, nameof(Epsilon));
        Positive(NoiseMultiplier, nameof(NoiseMultiplier));
        Positive(MaxGradientNorm, nameof(MaxGradientNorm));
        problems.Check(Delta is null or (> 0 and < 1), $"{option}.{nameof(Delta)}", Delta, "between 0 and 1");

        void Positive(double? value, string name) =>
            problems.Check(value is null or (> 0 and < double.PositiveInfinity), $"{option}.{name}", value, "a positive number");
    }
}
