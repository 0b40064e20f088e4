using MLNetExtensions.Imaging;
using MLNetExtensions.Trainers;
using MLNetExtensions.Training.Metrics;
using MLNetExtensions.Training.Privacy;

namespace MLNetExtensions.Training;

/// <summary>The result of a training run.</summary>
public sealed record TrainingResult
{
    /// <summary>The epochs, the reason why training ended, the runtime and the device.</summary>
    public required TrainingHistory History { get; init; }

    /// <summary>The number of training rows.</summary>
    public required int TrainingRows { get; init; }

    /// <summary>The number of validation rows.</summary>
    public required int ValidationRows { get; init; }

    /// <summary>The images that were skipped because they could not be read (MaxInvalidImages allows them).</summary>
    public required IReadOnlyList<InvalidImage> InvalidImages { get; init; }

    /// <summary>
    /// The temperature that the outputs are divided by to calibrate the probabilities; null if that was not done
    /// (<see cref="ImageTrainerOptions.CalibrateProbabilities"/>).
    /// </summary>
    public TemperatureScaling? Temperature { get; init; }

    /// <summary>
    /// The number of images that <see cref="TrainerOptions.CacheFolder"/> held from earlier runs, so that they were not decoded.
    /// </summary>
    public long CachedImages { get; init; }

    /// <summary>
    /// The number of rows of features, augmented views included, found in memory or in <see cref="TrainerOptions.CacheFolder"/>, so
    /// that the backbone was not run.
    /// </summary>
    public long CachedFeatures { get; init; }

    /// <summary>
    /// The number of images turned upright by their EXIF orientation; those from <see cref="TrainerOptions.CacheFolder"/> are not
    /// counted.
    /// </summary>
    public int TurnedImages { get; init; }

    /// <summary>What the model promises about each training image; null without <see cref="DifferentialPrivacy"/>.</summary>
    public PrivacyGuarantee? Privacy { get; init; }

    /// <summary>The warnings, such as a class without any training row.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
