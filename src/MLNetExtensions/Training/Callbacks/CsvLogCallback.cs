using MLNetExtensions.Training.Logging;

namespace MLNetExtensions.Training.Callbacks;

/// <summary>
/// Writes a CSV file with a row for each epoch (<see cref="CsvLog"/>). A run that resumes from a checkpoint continues the file: rows of
/// epochs after the checkpoint are removed first. Of several workers, the first writes it.
/// </summary>
public sealed class CsvLogCallback : TrainingCallback
{
    private static readonly string[] Columns =
    [
        "phase",
        "epoch",
        "train_loss",
        "validation_loss",
        "validation_accuracy",
        "validation_error",
        "learning_rate",
        "seconds",
        "data_wait_seconds",
        "validation_map50",
        "validation_mean_iou",
    ];

    private readonly string _path;
    private CsvLog? _log;

    /// <param name="path">The file; an older one is replaced.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    public CsvLogCallback(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _path = Path.GetFullPath(path);
    }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainBeginArguments arguments) =>
        _log =
            arguments.Run.Rank > 0 ? null
            : arguments.Run.ResumedFrom is null ? CsvLog.Create(_path, Columns)
            : CsvLog.Resume(_path, Columns, arguments.Run.History.Count);

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndArguments arguments)
    {
        EpochResult epoch = arguments.Result;
        _log?.Append(
            epoch.Phase,
            epoch.Epoch,
            epoch.TrainLoss,
            epoch.ValidationLoss,
            epoch.ValidationAccuracy,
            epoch.ValidationMeanAbsoluteError,
            epoch.LearningRate,
            epoch.Duration,
            epoch.DataWait,
            epoch.ValidationMeanAveragePrecision50,
            epoch.ValidationMeanIoU
        );
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainEndArguments arguments)
    {
        _log?.Dispose();
        _log = null;
    }
}
