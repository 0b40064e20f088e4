using MLNetExtensions.Imaging;

namespace MLNetExtensions.Trainers.Runs;

/// <summary>The results of reading a Fit's rows.</summary>
internal sealed record ReadRows
{
    /// <summary>The labels: first the training view's, then the validation set's.</summary>
    public required RowLabels Labels { get; init; }

    /// <summary>The number of rows of the training view.</summary>
    public required int TrainingCount { get; init; }

    /// <summary>The images that were left out.</summary>
    public required IReadOnlyList<InvalidImage> InvalidImages { get; init; }

    /// <summary>The number of images that were turned upright.</summary>
    public required int TurnedImages { get; init; }

    /// <summary>The number of images that <see cref="TrainerOptions.CacheFolder"/> had.</summary>
    public required long CachedImages { get; init; }

    /// <summary>The number of rows of features that earlier fits computed.</summary>
    public long KnownFeatures { get; init; }
}
