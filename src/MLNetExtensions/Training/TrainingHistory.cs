namespace MLNetExtensions.Training;

/// <summary>What happened during training; it also travels inside the saved model's ONNX metadata.</summary>
public sealed record TrainingHistory
{
    /// <summary>The epochs, in order; those of the head come first.</summary>
    public required IReadOnlyList<EpochResult> Epochs { get; init; }

    /// <summary>Why training ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>More about the end: the step at which the loss was not finite, the epoch that early stopping chose.</summary>
    public string StopMessage { get; init; } = "";

    /// <summary>The epoch whose weights the model has, an index into <see cref="Epochs"/>; -1 where no epoch was completed.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>The runtime that trained, with its version.</summary>
    public required string Runtime { get; init; }

    /// <summary>The device, threads and precision in use.</summary>
    public required string Device { get; init; }
}

/// <summary>One epoch's figures, over the whole training and validation sets.</summary>
/// <param name="Phase">Whether the head or the backbone was trained.</param>
/// <param name="Epoch">The epoch within its phase, from 1.</param>
/// <param name="TrainLoss">The mean loss of the training rows, as seen while training.</param>
/// <param name="ValidationLoss">The mean loss of the validation rows; null without a validation set.</param>
/// <param name="ValidationAccuracy">The share of validation rows predicted right; null without a validation set.</param>
/// <param name="LearningRate">The rate at the epoch's last step.</param>
/// <param name="Duration">The time taken, validation included.</param>
public sealed record EpochResult(
    TrainingPhase Phase, int Epoch, double TrainLoss, double? ValidationLoss, double? ValidationAccuracy, float LearningRate, TimeSpan Duration);

/// <summary>Why training ended.</summary>
public enum StopReason
{
    /// <summary>All epochs were done.</summary>
    Completed,
    /// <summary>The validation figure stopped improving.</summary>
    EarlyStopped,
    /// <summary>The CancellationToken was cancelled; the model is the best one until then.</summary>
    Cancelled,
    /// <summary>The loss became infinite or not a number; the model is the best one until then.</summary>
    NotFiniteLoss,
}
