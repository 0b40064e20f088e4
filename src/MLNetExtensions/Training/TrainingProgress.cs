namespace MLNetExtensions.Training;

/// <summary>
/// The progress of training, for a progress display. Reported after every step, at the end of each epoch, and after every batch of
/// features.
/// </summary>
/// <param name="Phase">The current phase.</param>
/// <param name="Epoch">The epoch, from 1; 0 while features are computed.</param>
/// <param name="Epochs">The number of epochs of this phase.</param>
/// <param name="Done">The number of rows done in this epoch or pass.</param>
/// <param name="Total">The number of rows in this epoch or pass.</param>
/// <param name="Loss">The mean loss of this epoch so far; null while features are computed.</param>
/// <param name="LastEpoch">The last completed epoch, with its validation metrics; null before the first one ends.</param>
public readonly record struct TrainingProgress(
    TrainingPhase Phase,
    int Epoch,
    int Epochs,
    int Done,
    int Total,
    double? Loss,
    EpochResult? LastEpoch
);
