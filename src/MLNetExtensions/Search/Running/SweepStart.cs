using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExtensions.Search.Halvings;
using MLNetExtensions.Search.Importance;
using MLNetExtensions.Search.Journals;
using MLNetExtensions.Trainers;
using MLNetExtensions.Training;

namespace MLNetExtensions.Search.Running;

/// <summary>A sweep from its settings to its result.</summary>
/// <typeparam name="TOptions">The options.</typeparam>
/// <param name="context">The source of logs, seeds and temporary files.</param>
/// <param name="data">The rows.</param>
/// <param name="create">Makes a trial's estimator.</param>
/// <param name="takesRun">True if <paramref name="create"/> hands a <see cref="TrialRun"/> on.</param>
/// <param name="space">The space.</param>
/// <param name="given">The settings; null for the defaults.</param>
/// <param name="defaultMetric">The metric if the settings name none.</param>
internal sealed class SweepStart<TOptions>(
    MLContext context,
    IDataView data,
    Func<TOptions, TrialRun, IEstimator<ITransformer>> create,
    bool takesRun,
    SearchSpace<TOptions> space,
    SweepOptions? given,
    SweepMetric? defaultMetric
)
    where TOptions : class, new()
{
    private readonly SweepOptions _options = Checked(given);

    /// <summary>Runs the sweep.</summary>
    public SweepResult<TOptions> Run()
    {
        SweepMetric metric =
            _options.Metric ?? defaultMetric ?? throw new ArgumentException("Metric is not set. Name one, such as SweepMetric.Of(...).");
        if (space.Count == 0)
            throw new ArgumentException(
                "The space has no hyper-parameters. Add some by Range, Choice or Boolean, or read the options' attributes by "
                    + "SearchSpace.FromAttributes."
            );
        int[]? rungs = Rungs();
        IHost host = ((IHostEnvironment)context).Register("Sweep");
        using IChannel channel = host.Start("Sweep");
        using var folder = new SweepFolder(context, _options.Folder);
        int seed = _options.Seed ?? host.Rand.Next();
        using SweepJournal journal = SweepJournal.Open(
            folder.Journal,
            Settings(metric, rungs, seed),
            _options.Seed is null ? [nameof(SweepOptions.Seed)] : [],
            space.Count,
            message => channel.Warning(MessageSensitivity.None, "{0}", message)
        );
        seed = int.Parse(journal.Settings[nameof(SweepOptions.Seed)], System.Globalization.CultureInfo.InvariantCulture);
        if (journal.Events.Count == 0)
            folder.Clear();
        IReadOnlyList<SweepPart> parts = SweepPart.Of(context, data, _options, metric, seed);
        int maxTrials = _options.MaxTrials ?? (_options.TimeBudget is null ? SweepOptions.DefaultTrials : int.MaxValue);
        var halving = HalvingState.Of(
            _options.Halving?.Rule ?? HalvingRule.Promote,
            rungs?.Length ?? 1,
            _options.Halving?.Factor ?? 2,
            maxTrials
        );
        using var token = CancellationTokenSource.CreateLinkedTokenSource(_options.CancellationToken);
        var clock = new SweepClock(_options.TimeBudget, rungs, parts.Count, _options.Parallel);
        if (_options.TimeBudget is { } budget)
            token.CancelAfter(budget);
        var fitter = new TrialFitter<TOptions>
        {
            Context = context,
            Space = space,
            Create = create,
            Parts = parts,
            Metric = metric,
            Folder = folder,
            Rungs = rungs,
            Seed = seed,
            Parallel = _options.Parallel,
        };
        var runner = new SweepRunner<TOptions>
        {
            Context = context,
            Channel = channel,
            Schema = data.Schema,
            Options = _options,
            Metric = metric,
            Space = space,
            State = new SweepState(space.Dimensions, _options.Sampler, halving, metric, seed),
            Journal = journal,
            Folder = folder,
            Clock = clock,
            Fitter = fitter,
            MaxTrials = maxTrials,
            Token = token.Token,
        };
        runner.Resume();
        runner.Run();
        return Finish(runner, rungs, seed);
    }

    private static SweepOptions Checked(SweepOptions? given)
    {
        SweepOptions options = (given ?? new SweepOptions()).Clone();
        options.Validate();
        return options;
    }

    /// <summary>The epochs of each rung; null if trials are not halved.</summary>
    private int[]? Rungs()
    {
        if (_options.Halving is not { } halving)
            return null;
        TrainerOptions? trainer = space.CreateDefaults() as TrainerOptions;
        if (trainer is null && halving.MaxEpochs is not null && !takesRun)
            throw new ArgumentException(
                $"Halving.MaxEpochs is {halving.MaxEpochs}, but {typeof(TOptions).Name} are no options of a trainer, and nothing tells the trainer when "
                    + "to stop. Let the function that makes the estimator take a TrialRun too, and call run.ApplyTo(trainerOptions) in it."
            );
        if ((halving.MaxEpochs ?? trainer?.EpochsToTrain) is not { } epochs)
            return null;
        if (trainer is not null && space.Names.Contains("Epochs"))
            throw new ArgumentException(
                "Epochs is in the space, and halving gives the epochs out itself. Take it out of the space (Without), or set "
                    + "SweepOptions.Halving to null."
            );
        return halving.Rungs(epochs);
    }

    private Dictionary<string, string> Settings(SweepMetric metric, int[]? rungs, int seed)
    {
        var settings = new Dictionary<string, string>
        {
            ["Metric"] = metric.Name,
            ["Seed"] = $"{seed}",
            ["Sampler"] = $"{_options.Sampler}",
            ["Halving"] = _options.Halving is null || rungs is null ? "none" : $"{_options.Halving.Rule} by {_options.Halving.Factor}",
            ["Rungs"] = rungs is null ? "none" : string.Join(' ', rungs.Select(epochs => $"{epochs} epochs")),
            ["Validation"] =
                _options.ValidationSet is not null ? "a set of its own"
                : _options.Folds is { } folds ? $"{folds} folds"
                : $"{_options.ValidationFraction ?? 0.2:R} of the rows",
            ["Rows"] = $"{data.GetRowCount()}",
        };
        foreach (Spaces.Dimension dimension in space.Dimensions)
            settings[$"Space.{dimension.Name}"] = dimension.Signature;
        return settings;
    }

    private SweepResult<TOptions> Finish(SweepRunner<TOptions> runner, int[]? rungs, int seed)
    {
        if (runner.State.Best is not { } best)
            throw Nothing(runner, rungs);
        if (runner.BrokenOff is not null && best.Trial.Rung < 0)
            runner.Channel.Warning(MessageSensitivity.None, "{0}", "The time was up before a trial had reached the first rung.");
        ITransformer model =
            runner.BestModel
            ?? runner.Fitter.Refit(
                best.Trial,
                best.Result.Epochs,
                _options.Folds is null ? runner.Fitter.Parts[0].Train : data,
                _options.CancellationToken
            );
        SweepTrial<TOptions>[] trials = [.. runner.State.Trials.Select(trial => Describe(trial, runner))];
        IReadOnlyList<TrialRecord> measured = [.. runner.State.Trials.Where(trial => trial.Results.Count > 0)];
        return new SweepResult<TOptions>
        {
            Model = model,
            Best = trials[best.Trial.Number],
            Trials = trials,
            Importance = FunctionalAnova.Of(
                space.Dimensions,
                [.. measured.Select(trial => trial.Point)],
                [.. measured.Select(trial => trial.Results[0].Value)],
                seed
            ),
            MetricName = runner.Metric.Name,
            IsHigherBetter = runner.Metric.IsHigherBetter,
            StopReason = runner.StopReason,
            Duration = runner.Clock.Elapsed,
        };
    }

    private SweepTrial<TOptions> Describe(TrialRecord trial, SweepRunner<TOptions> runner)
    {
        TOptions options = space.CreateOptions(trial.Point);
        RungValue? best = trial.Best(runner.Metric);
        // With these options and nothing else a training is that of the trial.
        if (options is TrainerOptions trainer)
        {
            trainer.Seed ??= RunSeed.Of(runner.Fitter.Seed, trial.Number);
            if (best?.Epochs is { } epochs)
                trainer.EpochsToTrain = epochs;
        }
        return new SweepTrial<TOptions>
        {
            Number = trial.Number,
            Options = options,
            Values = new OrderedDictionary<string, object?>(
                space.Dimensions.Select((dimension, i) => KeyValuePair.Create(dimension.Name, dimension.ValueOf(trial.Point[i])))
            ),
            State =
                trial.Error is not null ? SweepTrialState.Failed
                : trial.Rung < 0 ? SweepTrialState.Canceled
                : trial.Rung == runner.State.Halving.RungCount - 1 ? SweepTrialState.Completed
                : SweepTrialState.Stopped,
            Results = [.. trial.Results],
            Best = best,
            Duration = trial.Duration,
            Error = trial.Error,
        };
    }

    private Exception Nothing(SweepRunner<TOptions> runner, int[]? rungs)
    {
        if (runner.State.AllFailed)
        {
            TrialRecord[] failed = [.. runner.State.Trials.Where(trial => trial.Error is not null)];
            return new InvalidOperationException(
                $"All trials failed, {failed.Length} of {failed.Length}. The first one's cause: {failed[0].Error}",
                runner.FirstError
            );
        }
        if (_options.CancellationToken.IsCancellationRequested)
            return new OperationCanceledException("The sweep was canceled before a trial had a result.", _options.CancellationToken);
        return new TimeoutException(
            $"The TimeBudget of {_options.TimeBudget!.Value.TotalSeconds:G3} s was up before one epoch was done.{Needed(runner.BrokenOff, rungs)}"
        );
    }

    private static string Needed(EpochTimer? timer, int[]? rungs)
    {
        if (timer is null || timer.Part <= 0)
            return timer is null
                ? ""
                : $" Images were still read and decoded after {timer.BeforeTraining.TotalSeconds:F1} s: give more time, or fewer rows.";
        double epoch = timer.SinceFirstStep.TotalSeconds / timer.Part,
            before = timer.BeforeTraining.TotalSeconds;
        string rung = rungs is null
            ? ""
            : $", one of the first rung of {rungs[0]} epochs about {before + (rungs[0] * epoch):F0} s, and one of {rungs[^1]} epochs about "
                + $"{before + (rungs[^1] * epoch):F0} s";
        return $" {timer.Part:P0} of the first was done. A trial of one epoch takes about {before + epoch:F0} s here{rung}: give as much time for "
            + "each of several trials, fewer rows, or a smaller network.";
    }
}
