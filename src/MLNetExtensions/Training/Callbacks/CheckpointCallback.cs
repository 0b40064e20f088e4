using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Training.Checkpoints;

namespace MLNetExtensions.Training.Callbacks;

/// <summary>
/// Writes checkpoints to a folder, from which an interrupted run resumes exactly (<c>ResumeFrom</c>). Each file appears when it is
/// complete; then the run's oldest beyond <see cref="MaxToKeep"/> are deleted, and no other files. Of several workers, the first writes them, and all must be able to
/// read the folder to resume.
/// </summary>
public sealed class CheckpointCallback : TrainingCallback
{
    private readonly string _folder;

    // This run's files, the latest written last.
    private List<string>? _own;
    private FileLock? _lock;

    /// <param name="folder">The folder; created if missing.</param>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    public CheckpointCallback(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        _folder = Path.GetFullPath(folder);
    }

    /// <summary>The number of epochs between checkpoints.</summary>
    /// <value>The default is 1; 0 writes none after epochs.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int EveryEpochs
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    } = 1;

    /// <summary>The number of steps between checkpoints.</summary>
    /// <value>The default is 0: none after steps.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int EverySteps
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    /// <summary>The number of the run's checkpoints kept in the folder.</summary>
    /// <value>The default is 3: the newest, and two in case it is damaged.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int MaxToKeep
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    } = 3;

    /// <inheritdoc/>
    /// <exception cref="IOException">Another run that has not ended writes to the folder.</exception>
    public override void OnTrainBegin(TrainBeginArguments arguments)
    {
        if (arguments.Run.Rank > 0)
            return;
        _own = null;
        Directory.CreateDirectory(_folder);
        _lock =
            FileLock.TryTake(Path.Combine(_folder, ".lock"))
            ?? throw new IOException(
                $"The folder of checkpoints '{_folder}' is in use by a run that has not ended. Give each run a folder of its own."
            );
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainEndArguments arguments)
    {
        _lock?.Dispose();
        _lock = null;
    }

    /// <inheritdoc/>
    public override void OnStepEnd(StepEndArguments arguments)
    {
        // The last step of an epoch is followed by the epoch's own end, with its validation figures.
        if (EverySteps > 0 && arguments.Step % EverySteps == 0 && arguments.Step % arguments.Run.StepsPerEpoch != 0)
            Write(arguments.Run, arguments.Step);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndArguments arguments)
    {
        bool bySteps = EverySteps > 0 && arguments.Step % EverySteps == 0;
        if (bySteps || (EveryEpochs > 0 && arguments.Result.Epoch % EveryEpochs == 0))
            Write(arguments.Run, arguments.Step);
    }

    private void Write(TrainingRun run, int step)
    {
        if (run.Rank > 0)
            return;
        string path = Path.Combine(_folder, CheckpointFolder.NameOf(run.Phase, step));
        run.SaveCheckpoint(path);
        _own ??= [.. CheckpointFolder.OfSameRun(path).Reverse()];
        _own.Remove(path);
        _own.Add(path);
        for (; _own.Count > MaxToKeep; _own.RemoveAt(0))
            File.Delete(_own[0]);
    }
}
