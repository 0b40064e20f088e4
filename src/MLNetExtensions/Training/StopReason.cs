namespace MLNetExtensions.Training;

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
