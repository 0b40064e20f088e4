using System.Diagnostics;
using Microsoft.ML;
using MLNetExtensions.Search;
using MLNetExtensions.Search.Samplers;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TrainingContract.Search;

/// <summary>Sweeps over trainers: halving by checkpoints, cancellation and time inside a training.</summary>
public sealed class SweepTrainingTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(36);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Trials_go_on_from_where_they_were()
    {
        var watch = new Watch();
        using SweepResult<TrainNetworkOptions> result = Sweep(
            Options(epochs: 9, watch),
            new SweepOptions
            {
                MaxTrials = 4,
                Halving = new Halving { MinEpochs = 3 },
                Sampler = new RandomSampler(),
            }
        );

        // Every epoch of a trial is trained once: the second rung begins with the fourth.
        Assert.Equal(4, watch.Runs.Count(run => run.SequenceEqual([1, 2, 3])));
        Assert.Equal(3, watch.Runs.Count(run => run.SequenceEqual([4, 5, 6, 7, 8, 9])));
        Assert.Equal(7, watch.Runs.Count);
        Assert.Equal(3, result.Trials.Count(trial => trial.State == SweepTrialState.Completed));

        double measured = _ml.MulticlassClassification.Evaluate(result.Model.Transform(_images.Paths(_ml))).MicroAccuracy;
        Assert.InRange(measured, result.Best.Value!.Value - 0.35, 1);
    }

    [Fact]
    public void The_best_options_train_the_same_model_again()
    {
        IDataView validation = _images.Paths(_ml);
        using SweepResult<TrainNetworkOptions> result = Sweep(
            Options(epochs: 3, new Watch()),
            new SweepOptions { MaxTrials = 2, ValidationSet = validation }
        );
        using TrainNetworkTransformer again = _ml.TrainNetwork(result.Best.Options).Fit(_images.Paths(_ml));
        Assert.Equal(result.Best.Value!.Value, _ml.MulticlassClassification.Evaluate(again.Transform(validation)).MicroAccuracy, 1e-9);
    }

    [Fact]
    public void A_sweep_that_was_killed_between_rungs_goes_on_to_the_same_values()
    {
        string whole = Path.Combine(_folder.Path, "whole"),
            cut = Path.Combine(_folder.Path, "cut");
        SweepOptions Settings(string folder) =>
            new()
            {
                MaxTrials = 4,
                Halving = new Halving { MinEpochs = 2 },
                Folder = folder,
                Seed = 5,
            };
        using SweepResult<TrainNetworkOptions> expected = Sweep(Options(epochs: 6, new Watch()), Settings(whole));

        // A copy as it was when the first trial went on: its line is the last, and checkpoints are there.
        var stop = new Watch { StopsAtEpoch = 5 };
        Assert.ThrowsAny<Exception>(() => Sweep(Options(epochs: 6, stop), Settings(cut), killed: true).Dispose());
        using SweepResult<TrainNetworkOptions> resumed = Sweep(Options(epochs: 6, new Watch()), Settings(cut));

        Assert.Equal(
            expected.Trials.Select(trial => trial.Results.Select(one => (one.Epochs, one.Value))),
            resumed.Trials.Select(trial => trial.Results.Select(one => (one.Epochs, one.Value)))
        );
    }

    [Fact]
    public void Canceling_within_a_trial_keeps_the_best_before()
    {
        using var source = new CancellationTokenSource();
        var watch = new Watch
        {
            Ended = epochs =>
            {
                if (epochs == 5)
                    source.Cancel();
            },
        };
        using SweepResult<TrainNetworkOptions> result = Sweep(
            Options(epochs: 3, watch),
            new SweepOptions { MaxTrials = 9, CancellationToken = source.Token }
        );
        Assert.Equal((0, 2, SweepStopReason.Canceled), (result.Best.Number, result.Trials.Count, result.StopReason));
        Assert.Equal(SweepTrialState.Canceled, result.Trials[1].State);
    }

    [Fact]
    public void A_budget_that_ends_within_the_first_trial_keeps_what_it_learned()
    {
        // Epochs take long enough that the budget ends in the first trial, whatever the machine.
        var watch = new Watch { Ended = _ => Thread.Sleep(150) };
        using SweepResult<TrainNetworkOptions> result = Sweep(
            Options(epochs: 2000, watch),
            new SweepOptions { TimeBudget = TimeSpan.FromSeconds(8), Halving = null }
        );
        Assert.Equal(SweepStopReason.TimeBudget, result.StopReason);
        Assert.Equal(watch.Epochs, result.Best.Best!.Epochs);
        Assert.InRange(watch.Epochs, 1, 100);
    }

    [Fact]
    public void A_budget_too_small_for_an_epoch_says_what_would_fit()
    {
        var watch = new Watch { StepEnded = () => Thread.Sleep(400) };
        TrainNetworkOptions options = Options(epochs: 9, watch);
        options.BatchSize = 1;
        string message = Assert
            .Throws<TimeoutException>(() => Sweep(options, new SweepOptions { TimeBudget = TimeSpan.FromSeconds(6) }, batches: false))
            .Message;
        Assert.Contains("was up before one epoch was done", message, StringComparison.Ordinal);
        Assert.Matches(@"A trial of one epoch takes about \d+ s here, one of the first rung of 3 epochs about \d+ s", message);
    }

    [Fact]
    public void A_head_is_swept_over_features_that_are_made_once()
    {
        SearchSpace<FineTuneOptions> space = new SearchSpace<FineTuneOptions>(
            new FineTuneOptions
            {
                Backbone = SmallBackbone.Create(),
                Epochs = 9,
                Runtime = RuntimeUnderTest.Create(),
            }
        ).Range(o => o.LearningRate, 1e-4f, 1f, logBase: true).Range(o => o.HeadL2Regularization, 0.1f, 100f, logBase: true);
        using SweepResult<FineTuneOptions> result = _ml.MulticlassClassification.Sweep(
            _images.Paths(_ml),
            options => _ml.MulticlassClassification.Trainers.FineTune(options),
            space,
            new SweepOptions { MaxTrials = 9, Metric = SweepMetric.LogLoss() }
        );
        Assert.Equal(9, result.Trials.Count);
        Assert.DoesNotContain(result.Trials, trial => trial.State == SweepTrialState.Failed);
        Assert.Equal(result.Trials.Min(trial => trial.Value), result.Best.Value);
        Assert.Equal(2, result.Importance.Count);
    }

    private SweepResult<TrainNetworkOptions> Sweep(
        TrainNetworkOptions defaults,
        SweepOptions options,
        bool killed = false,
        bool batches = true
    )
    {
        SearchSpace<TrainNetworkOptions> space = new SearchSpace<TrainNetworkOptions>(defaults).Range(
            o => o.LearningRate,
            1e-4f,
            0.1f,
            logBase: true
        );
        if (batches)
            space = space.Choice(o => o.BatchSize, 6, 12);
        if (!killed)
            return _ml.MulticlassClassification.Sweep(_images.Paths(_ml), o => _ml.TrainNetwork(o), space, options);
        // What is thrown outside of a trial leaves the sweep as a kill does: without an end.
        options.Progress = new Kill((Watch)defaults.Callbacks[0]);
        return _ml.MulticlassClassification.Sweep(_images.Paths(_ml), o => _ml.TrainNetwork(o), space, options);
    }

    private static TrainNetworkOptions Options(int epochs, Watch watch) =>
        new()
        {
            CreateGraph = SmallCnn.Create,
            Epochs = epochs,
            BatchSize = 12,
            Threads = 1,
            Seed = 3,
            Precision = TrainingPrecision.Float32,
            Runtime = RuntimeUnderTest.Create(),
            Callbacks = [watch],
        };

    private sealed class Watch : TrainingCallback
    {
        /// <summary>The epochs of each training.</summary>
        public List<List<int>> Runs { get; } = [];

        public int Epochs => Runs.Sum(run => run.Count);

        public int StopsAtEpoch { get; init; } = int.MaxValue;

        public Action<int> Ended { get; init; } = _ => { };

        public Action StepEnded { get; init; } = () => { };

        public bool HasGoneFar { get; private set; }

        public override void OnTrainBegin(TrainBeginArguments arguments) => Runs.Add([]);

        public override void OnStepEnd(StepEndArguments arguments) => StepEnded();

        public override void OnEpochEnd(EpochEndArguments arguments)
        {
            Runs[^1].Add(arguments.Result.Epoch);
            HasGoneFar |= arguments.Result.Epoch >= StopsAtEpoch;
            Ended(Epochs);
        }
    }

    private sealed class Kill(Watch watch) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value)
        {
            if (watch.HasGoneFar)
                throw new UnreachableException("killed");
        }
    }
}
