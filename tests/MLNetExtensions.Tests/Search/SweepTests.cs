using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Search;
using MLNetExtensions.Search.Samplers;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Search;

/// <summary>Sweeps from their entry point to their result, without a training runtime.</summary>
public sealed class SweepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_best_trial_and_its_model_are_returned()
    {
        var made = new MadeTrials();
        using SweepResult<MadeTrials.Options> result = made.Sweep(new SweepOptions { MaxTrials = 30, Halving = null });

        Assert.Equal(30, result.Trials.Count);
        Assert.Equal(result.Trials.Max(trial => trial.Value), result.Best.Value);
        Assert.Equal("b", result.Best.Options.Kind);
        Assert.InRange(result.Best.Options.X, 0.6, 0.8);
        Assert.Equal(result.Best.Options.X, result.Best.Values["X"]);
        Assert.Equal(result.Best.Value!.Value, result.Model.Transform(made.Rows).GetColumn<float>("Score").First(), 1e-6);
        Assert.Equal(SweepStopReason.Completed, result.StopReason);
        Assert.All(result.Trials, trial => Assert.Equal(SweepTrialState.Completed, trial.State));
        Assert.Equal(["X", "Kind"], result.Importance.Select(one => one.Name));
    }

    [Fact]
    public void Halving_trains_few_trials_to_the_end()
    {
        var made = new MadeTrials();
        using SweepResult<MadeTrials.Options> result = made.Sweep(
            new SweepOptions
            {
                MaxTrials = 27,
                Halving = new Halving { MaxEpochs = 27 },
                Sampler = new RandomSampler(),
            }
        );

        Assert.Equal(27, made.Trained.Count(one => one.Epochs == 3));
        Assert.InRange(made.Trained.Count(one => one.Epochs == 27), 3, 5);
        Assert.All(
            result.Trials,
            trial => Assert.Equal(trial.Results.Select(r => r.Epochs), new int?[] { 3, 9, 27 }.Take(trial.Results.Count))
        );
        Assert.Equal(result.Trials.MaxBy(trial => MadeTrials.Curve(trial.Options, 27)), result.Best);
        Assert.Contains(result.Trials, trial => trial.State == SweepTrialState.Stopped);
    }

    [Fact]
    public void A_trial_that_fails_is_noted_and_the_sweep_goes_on()
    {
        var made = new MadeTrials
        {
            Value = (options, run) =>
                run.Trial switch
                {
                    1 => throw new FormatException("made to fail"),
                    2 => double.NaN,
                    _ => -options.X,
                },
        };
        using SweepResult<MadeTrials.Options> result = made.Sweep(new SweepOptions { MaxTrials = 6, Halving = null });

        Assert.Equal(6, result.Trials.Count);
        Assert.Equal((SweepTrialState.Failed, "FormatException: made to fail"), (result.Trials[1].State, result.Trials[1].Error));
        Assert.Contains("Mean is NaN", result.Trials[2].Error, StringComparison.Ordinal);
        Assert.Equal(result.Trials.Where(trial => trial.Number is not (1 or 2)).Max(trial => trial.Value), result.Best.Value);
        Assert.Equal(6, result.Leaderboard().Split('\n').Count(line => line.Length > 0) - 1);
    }

    [Fact]
    public void If_all_trials_fail_the_first_cause_is_the_error()
    {
        var made = new MadeTrials { Value = (_, run) => throw new FormatException($"cause {run.Trial}") };
        var error = Assert.Throws<InvalidOperationException>(() => made.Sweep(new SweepOptions { MaxTrials = 1000 }));
        Assert.Equal("All trials failed, 10 of 10. The first one's cause: FormatException: cause 0", error.Message);
        Assert.Equal("cause 0", Assert.IsType<FormatException>(error.InnerException).Message);
    }

    [Fact]
    public void Canceling_keeps_the_best()
    {
        using var source = new CancellationTokenSource();
        var made = new MadeTrials();
        var progress = new Reports(report =>
        {
            if (report.Trials == 5)
                source.Cancel();
        });
        using SweepResult<MadeTrials.Options> result = made.Sweep(
            new SweepOptions
            {
                Halving = null,
                Progress = progress,
                CancellationToken = source.Token,
            }
        );
        Assert.Equal((5, SweepStopReason.Canceled), (result.Trials.Count, result.StopReason));
        Assert.Equal(result.Trials.Max(trial => trial.Value), result.Best.Value);

        Assert.Throws<OperationCanceledException>(() => made.Sweep(new SweepOptions { CancellationToken = source.Token }));
    }

    [Fact]
    public void A_budget_ends_a_sweep_that_would_go_on()
    {
        var made = new MadeTrials
        {
            Value = (options, _) =>
            {
                Thread.Sleep(20);
                return options.X;
            },
        };
        using SweepResult<MadeTrials.Options> result = made.Sweep(
            new SweepOptions
            {
                TimeBudget = TimeSpan.FromSeconds(0.5),
                Halving = null,
                Sampler = new RandomSampler(),
            }
        );
        Assert.Equal(SweepStopReason.TimeBudget, result.StopReason);
        Assert.InRange(result.Trials.Count, 1, 25);
    }

    [Fact]
    public void Trials_run_at_the_same_time()
    {
        int running = 0,
            most = 0;
        using var both = new Barrier(2);
        var made = new MadeTrials
        {
            Value = (options, run) =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                // The first two wait for each other: that they meet is what is tested.
                if (run.Trial < 2)
                    Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(60)));
                Interlocked.Decrement(ref running);
                return options.X;
            },
        };
        using SweepResult<MadeTrials.Options> result = made.Sweep(
            new SweepOptions
            {
                MaxTrials = 12,
                Halving = null,
                Parallel = 2,
            }
        );
        Assert.Equal(Enumerable.Range(0, 12), result.Trials.Select(trial => trial.Number));
        Assert.Equal(2, most);
        Assert.Equal(12, result.Trials.Select(trial => trial.Options.X).Distinct().Count());
    }

    [Fact]
    public void Folds_give_their_mean_and_a_model_of_all_rows()
    {
        var made = new MadeTrials { Value = (options, run) => options.X + run.Fold };
        using SweepResult<MadeTrials.Options> result = made.Sweep(
            new SweepOptions
            {
                MaxTrials = 3,
                Halving = null,
                Folds = 4,
            }
        );
        Assert.All(result.Trials, trial => Assert.Equal(trial.Options.X + 1.5, trial.Value!.Value, 1e-6));
        Assert.Equal((3 * 4) + 1, made.Trained.Count);
        Assert.Equal(result.Best.Options.X, result.Model.Transform(made.Rows).GetColumn<float>("Score").First(), 1e-6);
    }

    [Fact]
    public void A_csv_has_every_trial_and_its_error()
    {
        var made = new MadeTrials { Value = (options, run) => run.Trial == 1 ? throw new FormatException("a \"quoted\", one") : options.X };
        using SweepResult<MadeTrials.Options> result = made.Sweep(new SweepOptions { MaxTrials = 3, Halving = null });
        string file = Path.Combine(_folder.Path, "trials.csv");
        result.SaveCsv(file);
        string[] lines = File.ReadAllLines(file);
        Assert.Equal("trial,Mean,epochs,seconds,X,Kind,state,error", lines[0]);
        Assert.Equal(4, lines.Length);
        Assert.EndsWith("Failed,\"FormatException: a \"\"quoted\"\", one\"", lines[3], StringComparison.Ordinal);
        Assert.StartsWith($"{result.Best.Number},", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void An_ML_NET_trainer_is_swept_too()
    {
        var ml = new MLContext(seed: 1);
        var random = new Random(1);
        IDataView rows = ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, 200)
                .Select(i => new Flower { Label = i % 2 == 0 ? "a" : "b", Features = [(i % 2) + random.NextSingle(), random.NextSingle()] })
        );
        SearchSpace<Sdca> space = new SearchSpace<Sdca>().Range(o => o.L2, 1e-4f, 10f, logBase: true);
        using SweepResult<Sdca> result = ml.MulticlassClassification.Sweep(
            rows,
            options =>
                ml.Transforms.Conversion.MapValueToKey("Label")
                    .Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(l2Regularization: options.L2))
                    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")),
            space,
            new SweepOptions { MaxTrials = 6, Metric = SweepMetric.LogLoss() }
        );
        Assert.Equal(6, result.Trials.Count);
        Assert.Equal(result.Trials.Min(trial => trial.Value), result.Best.Value);
        Assert.True(ml.MulticlassClassification.Evaluate(result.Model.Transform(rows)).MicroAccuracy > 0.9);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen) { }
    }

    private sealed class Reports(Action<SweepProgress> report) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value) => report(value);
    }

    private sealed class Sdca
    {
        public float L2 { get; set; }
    }

    private sealed class Flower
    {
        public string Label { get; set; } = "";

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
