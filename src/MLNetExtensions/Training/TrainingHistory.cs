namespace MLNetExtensions.Training;

/// <summary>The history of a training run. It is also saved in the model's ONNX metadata.</summary>
public sealed record TrainingHistory
{
    /// <summary>The epochs, in order; those of the head come first.</summary>
    public required IReadOnlyList<EpochResult> Epochs { get; init; }

    /// <summary>The reason why training ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>More about the end: the step at which the loss was not finite, the epoch that early stopping chose.</summary>
    public string StopMessage { get; init; } = "";

    /// <summary>The epoch whose weights the model has, an index into <see cref="Epochs"/>; -1 where no epoch was completed.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>The runtime that trained, with its version.</summary>
    public required string Runtime { get; init; }

    /// <summary>The device, threads and precision in use.</summary>
    public required string Device { get; init; }

    /// <summary>The fraction of all epochs' time in which training waited for data, 0 to 1.</summary>
    public double DataWaitFraction
    {
        get
        {
            TimeSpan total = Epochs.Aggregate(TimeSpan.Zero, (sum, epoch) => sum + epoch.Duration);
            return total > TimeSpan.Zero ? Epochs.Aggregate(TimeSpan.Zero, (sum, epoch) => sum + epoch.DataWait) / total : 0;
        }
    }

    /// <summary>The checkpoint that the run went on from; null where it began anew.</summary>
    public string? ResumedFrom { get; init; }
}

/// <summary>One epoch's figures, over the whole training and validation sets.</summary>
/// <param name="Phase">True if the head or the backbone was trained.</param>
/// <param name="Epoch">The epoch within its phase, from 1.</param>
/// <param name="TrainLoss">The mean loss of the training rows, as seen while training.</param>
/// <param name="ValidationLoss">The mean loss of the validation rows; null without a validation set.</param>
/// <param name="ValidationAccuracy">
/// The share of validation rows predicted right (of labels, where a row has several); null without a validation set, and where the label is a number.
/// </param>
/// <param name="LearningRate">The rate at the epoch's last step.</param>
/// <param name="Duration">The time taken, validation included.</param>
public sealed record EpochResult(
    TrainingPhase Phase, int Epoch, double TrainLoss, double? ValidationLoss, double? ValidationAccuracy, float LearningRate, TimeSpan Duration)
{
    /// <summary>
    /// The mean distance between predictions and labels of the validation rows: in the label's unit where it is a number, in levels where it is
    /// a level; null without a validation set, and where labels have no distance.
    /// </summary>
    public double? ValidationMeanAbsoluteError { get; init; }

    /// <summary>The part of <see cref="Duration"/> in which training had nothing to do but wait for rows to be read, decoded or augmented.</summary>
    public TimeSpan DataWait { get; init; }

    /// <summary>The fraction of the time that training waited for data, 0 to 1.</summary>
    public double DataWaitFraction => Duration > TimeSpan.Zero ? DataWait / Duration : 0;
}

/// <summary>The reason why training ended.</summary>
public enum StopReason
{
    /// <summary>All epochs were done.</summary>
    Completed,
    /// <summary>The validation figure stopped improving.</summary>
    EarlyStopped,
    /// <summary>The CancellationToken was canceled; the model is the best one until then.</summary>
    Canceled,
    /// <summary>The loss became infinite or not a number; the model is the best one until then.</summary>
    NotFiniteLoss,
    /// <summary>A callback asked for it (<see cref="Callbacks.TrainingRun.RequestStop"/>); the model is the best one until then.</summary>
    Stopped,
    /// <summary>An error ended it, which Fit throws; only callbacks are told this.</summary>
    Failed,
}
