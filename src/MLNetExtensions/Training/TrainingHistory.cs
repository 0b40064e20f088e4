namespace MLNetExtensions.Training;

/// <summary>The history of a training run. It is also saved in the model's ONNX metadata.</summary>
public sealed record TrainingHistory
{
    /// <summary>The epochs, in order; those of the head come first.</summary>
    public required IReadOnlyList<EpochResult> Epochs { get; init; }

    /// <summary>The reason why training ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>Details of the reason: the step at which the loss was not finite, the epoch that early stopping chose.</summary>
    public string StopMessage { get; init; } = "";

    /// <summary>The epoch whose weights the model has, an index into <see cref="Epochs"/>; -1 if no epoch was completed.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>The runtime that trained, with its version.</summary>
    public required string Runtime { get; init; }

    /// <summary>The device, threads and precision in use.</summary>
    public required string Device { get; init; }

    /// <summary>The fraction of all epochs' time that training waited for data, 0 to 1.</summary>
    public double DataWaitFraction
    {
        get
        {
            TimeSpan total = Epochs.Aggregate(TimeSpan.Zero, (sum, epoch) => sum + epoch.Duration);
            return total > TimeSpan.Zero ? Epochs.Aggregate(TimeSpan.Zero, (sum, epoch) => sum + epoch.DataWait) / total : 0;
        }
    }

    /// <summary>The checkpoint that the run resumed from; null if it started from scratch.</summary>
    public string? ResumedFrom { get; init; }
}

/// <summary>The metrics of one epoch, over the whole training and validation sets.</summary>
/// <param name="Phase">The phase: training of the head or of the backbone.</param>
/// <param name="Epoch">The epoch within its phase, from 1.</param>
/// <param name="TrainLoss">The mean loss of the training rows, as seen while training.</param>
/// <param name="ValidationLoss">The mean loss of the validation rows; null without a validation set.</param>
/// <param name="ValidationAccuracy">
/// The fraction of validation rows predicted correctly (of labels, if a row has several); null without a validation set, and if the label is a number.
/// </param>
/// <param name="LearningRate">The learning rate of the epoch's last step.</param>
/// <param name="Duration">The time taken, validation included.</param>
public sealed record EpochResult(
    TrainingPhase Phase, int Epoch, double TrainLoss, double? ValidationLoss, double? ValidationAccuracy, float LearningRate, TimeSpan Duration)
{
    /// <summary>
    /// The mean absolute error of the validation rows: in the label's unit if it is a number, in levels if it is
    /// a level; null without a validation set, and if labels have no distance.
    /// </summary>
    public double? ValidationMeanAbsoluteError { get; init; }

    /// <summary>The part of <see cref="Duration"/> that training waited for rows to be read, decoded or augmented.</summary>
    public TimeSpan DataWait { get; init; }

    /// <summary>The fraction of the time that training waited for data, 0 to 1.</summary>
    public double DataWaitFraction => Duration > TimeSpan.Zero ? DataWait / Duration : 0;
}

/// <summary>The reason why training ended.</summary>
public enum StopReason
{
    /// <summary>All epochs were completed.</summary>
    Completed,
    /// <summary>The validation loss stopped improving.</summary>
    EarlyStopped,
    /// <summary>The CancellationToken was canceled; the model is the best one so far.</summary>
    Canceled,
    /// <summary>The loss became infinite or not a number; the model is the best one so far.</summary>
    NotFiniteLoss,
    /// <summary>A callback requested it (<see cref="Callbacks.TrainingRun.RequestStop"/>); the model is the best one so far.</summary>
    Stopped,
    /// <summary>An error ended training, and Fit throws it; only callbacks see this value.</summary>
    Failed,
}
