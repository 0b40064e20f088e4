using System.Diagnostics;
using Microsoft.ML;
using MLNetExtensions.Trainers;
using MLNetExtensions.Training;

namespace MLNetExtensions.Search.Running;

/// <summary>Trains and measures trials.</summary>
/// <typeparam name="TOptions">The options.</typeparam>
internal sealed class TrialFitter<TOptions>
    where TOptions : class, new()
{
    public required MLContext Context { get; init; }
    public required SearchSpace<TOptions> Space { get; init; }
    public required Func<TOptions, TrialRun, IEstimator<ITransformer>> Create { get; init; }
    public required IReadOnlyList<SweepPart> Parts { get; init; }
    public required SweepMetric Metric { get; init; }
    public required SweepFolder Folder { get; init; }

    /// <summary>The epochs of each rung; null if trials are not halved.</summary>
    public required int[]? Rungs { get; init; }

    public required int Seed { get; init; }
    public required int Parallel { get; init; }

    /// <summary>The number of epochs in all at a rung; null if trials are not halved.</summary>
    public int? EpochsAt(int rung) => Rungs?[rung];

    /// <summary>Trains a trial to a rung, and measures it.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="rung">The rung.</param>
    /// <param name="measures">
    /// Says whether a model is measured though the sweep has ended; told whether its training was broken off.
    /// </param>
    /// <param name="token">Breaks the training off.</param>
    public TrialOutcome Fit(TrialRecord trial, int rung, Func<bool, bool> measures, CancellationToken token)
    {
        long started = Stopwatch.GetTimestamp();
        List<EpochTimer> timers = [];
        ITransformer? model = null;
        try
        {
            double sum = 0;
            for (int fold = 0; fold < Parts.Count; fold++)
            {
                (model as IDisposable)?.Dispose();
                model = null;
                timers.Add(new EpochTimer());
                model = Train(trial, Run(trial, rung, fold, timers[^1], token), Parts[fold].Train);
                if (token.IsCancellationRequested && !IsWorthMeasuring())
                    return BrokenOff(null, null);
                sum += Metric.Measure(Context, model.Transform(Parts[fold].Validation));
            }
            double value = sum / Parts.Count;
            if (!double.IsFinite(value))
                return Failed(new InvalidOperationException($"{Metric.Name} is {value} on the validation rows."));
            if (token.IsCancellationRequested && WasCut())
                return BrokenOff(value, model);
            return new TrialOutcome
            {
                Value = value,
                Model = Parts.Count == 1 ? model : null,
                Duration = Stopwatch.GetElapsedTime(started),
                Epochs = timers.Sum(timer => timer.Epochs),
                EpochTime = timers.Aggregate(TimeSpan.Zero, (time, timer) => time + timer.EpochTime),
            };
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return BrokenOff(null, null);
        }
        // Whatever a point of the space does to a trainer is the trial's result, and other points may do better: the cause is kept with the
        // trial, and is the sweep's own error if all fail.
        catch (Exception e)
        {
            return Failed(e);
        }

        // Other trainers know no cancellation, and end as if nothing were.
        bool WasCut() => timers[^1].WasCanceled;

        // Steps without an epoch are no model to choose, and one fold of several is no value.
        bool IsWorthMeasuring() => WasCut() ? timers[^1].Epochs > 0 && Parts.Count == 1 && measures(true) : measures(false);

        TrialOutcome Failed(Exception error)
        {
            (model as IDisposable)?.Dispose();
            return new TrialOutcome { Error = error, Duration = Stopwatch.GetElapsedTime(started) };
        }

        TrialOutcome BrokenOff(double? value, ITransformer? kept)
        {
            if (kept is null)
                (model as IDisposable)?.Dispose();
            return new TrialOutcome
            {
                Value = value,
                Model = kept,
                IsBrokenOff = true,
                Duration = Stopwatch.GetElapsedTime(started),
                Timer = timers[^1],
                Epochs = StartOf(rung) + timers[^1].Epochs,
            };
        }
    }

    /// <summary>Trains the best trial's options once more, on all of some rows.</summary>
    public ITransformer Refit(TrialRecord trial, int? epochs, IDataView rows, CancellationToken token) =>
        Train(
            trial,
            new TrialRun(new EpochTimer())
            {
                Trial = trial.Number,
                Fold = 0,
                Epochs = epochs,
                CheckpointFolder = null,
                Seed = RunSeed.Of(Seed, trial.Number),
                CancellationToken = token,
                CacheFolder = Folder.Images,
            },
            rows
        );

    private ITransformer Train(TrialRecord trial, TrialRun run, IDataView rows)
    {
        TOptions options = Space.CreateOptions(trial.Point);
        if (options is TrainerOptions trainer)
            run.ApplyTo(trainer);
        IEstimator<ITransformer> estimator =
            Create(options, run) ?? throw new InvalidOperationException("The function that makes the estimator of a trial returned null.");
        return estimator.Fit(rows);
    }

    private TrialRun Run(TrialRecord trial, int rung, int fold, EpochTimer timer, CancellationToken token) =>
        new(timer)
        {
            Trial = trial.Number,
            Fold = fold,
            Epochs = EpochsAt(rung),
            CheckpointFolder = Rungs is { Length: > 1 } ? Folder.CheckpointsOf(trial.Number, fold) : null,
            WritesCheckpoint = rung < (Rungs?.Length ?? 1) - 1,
            Seed = RunSeed.Of(Seed, trial.Number),
            CancellationToken = token,
            Threads = Parallel > 1 ? Math.Max(1, Environment.ProcessorCount / Parallel) : null,
            CacheFolder = Parallel > 1 ? null : Folder.Images,
        };

    private int StartOf(int rung) => rung == 0 || Rungs is null ? 0 : Rungs[rung - 1];
}
