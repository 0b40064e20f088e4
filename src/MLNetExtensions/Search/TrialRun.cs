using MLNetExtensions.Search.Running;
using MLNetExtensions.Trainers;
using MLNetExtensions.Training.Callbacks;

namespace MLNetExtensions.Search;

/// <summary>
/// One training of a trial, up to a rung and on one part of the rows: what the function that makes the estimator hands on to the trainer's options.
/// </summary>
public sealed class TrialRun
{
    private readonly EpochTimer _timer;

    /// <param name="timer">Measures epochs, for predictions.</param>
    internal TrialRun(EpochTimer timer) => _timer = timer;

    /// <summary>The trial's number, from 0.</summary>
    public required int Trial { get; init; }

    /// <summary>The fold of cross-validation, from 0; 0 without it.</summary>
    public required int Fold { get; init; }

    /// <summary>The number of epochs to train in all, those before a checkpoint included; null if trials are not halved.</summary>
    public required int? Epochs { get; init; }

    /// <summary>The folder of the trial's checkpoints, to go on from and to write to; null if it never goes on.</summary>
    public required string? CheckpointFolder { get; init; }

    /// <summary>The trial's seed, the same at each rung.</summary>
    public required int Seed { get; init; }

    /// <summary>Canceled with the sweep, and when its time is up.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>The number of threads of each of several trials at the same time; null if there is one.</summary>
    internal int? Threads { get; init; }

    /// <summary>The folder of images that trials decode once for all; null for none.</summary>
    internal string? CacheFolder { get; init; }

    /// <summary>True if it ends at a rung that the trial may go on from.</summary>
    internal bool WritesCheckpoint { get; init; }

    /// <summary>
    /// Sets a trainer's options: its epochs, the checkpoint to go on from, the cancellation, and, where they are not set, its seed, threads
    /// and cache. The sweep does it for options of a trainer by itself.
    /// </summary>
    /// <param name="options">The options, which are this trial's own.</param>
    public void ApplyTo(TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<TrainingCallback> callbacks = [.. options.Callbacks, _timer];
        if (Epochs is { } epochs)
            options.EpochsToTrain = epochs;
        if (CheckpointFolder is not null)
        {
            options.ResumeFrom = CheckpointFolder;
            if (WritesCheckpoint)
                callbacks.Add(new CheckpointCallback(CheckpointFolder) { EveryEpochs = Epochs ?? 1, MaxToKeep = 1 });
        }
        options.Callbacks = callbacks;
        options.CancellationToken = CancellationToken;
        options.Seed ??= Seed;
        options.Threads ??= Threads;
        options.CacheFolder ??= CacheFolder;
    }
}
