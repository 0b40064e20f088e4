using MLNetExtensions.TestData;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Checkpoints;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Schedules;
using MLNetExtensions.Training.Targets;
using Xunit;

namespace MLNetExtensions.Tests.Training.Checkpoints;

public sealed class ResumeTests : IDisposable
{
    private const int Rows = 23,
        ValidationRows = 8;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(9)] // the end of epoch 3
    [InlineData(7)] // in the middle of it
    [InlineData(1)]
    [InlineData(18)] // the end of the run: nothing is left to do
    public void A_run_that_goes_on_equals_one_that_was_never_broken_off(int atStep)
    {
        (LinearSession whole, TrainingLoop.PhaseResult expected) = Train(new CheckpointAt(atStep, File));
        (LinearSession resumed, TrainingLoop.PhaseResult result) = Train(null, CheckpointFile.Read(File));
        Assert.Equal(whole.ReadWeights()["w"].ToFloats(), resumed.ReadWeights()["w"].ToFloats());
        Assert.Equal(18 - atStep, resumed.Steps.Count);
        Assert.Equal(expected.BestEpoch, result.BestEpoch);
        Assert.Equal(expected.Epochs.Select(Figures), result.Epochs.Select(Figures));
        Assert.Equal(whole.RowsSeen[^resumed.RowsSeen.Count..], resumed.RowsSeen);
        Assert.Equal(whole.Rates[^resumed.Rates.Count..], resumed.Rates);
    }

    [Fact]
    public void Early_stopping_counts_the_epochs_before()
    {
        var stopping = new EarlyStopping(Patience: 2, MinimumDelta: 10);
        (_, TrainingLoop.PhaseResult expected) = Train(new CheckpointAt(6, File), earlyStopping: stopping);
        (LinearSession resumed, TrainingLoop.PhaseResult result) = Train(null, CheckpointFile.Read(File), earlyStopping: stopping);
        Assert.Equal((StopReason.EarlyStopped, 3), (expected.Reason, expected.Epochs.Count));
        Assert.Equal((StopReason.EarlyStopped, 3), (result.Reason, result.Epochs.Count));
        Assert.Equal(3, resumed.Steps.Count);
    }

    [Fact]
    public void More_epochs_may_be_asked_for()
    {
        Train(new CheckpointAt(9, File), epochs: 3, schedule: new ConstantSchedule());
        (LinearSession resumed, _) = Train(null, CheckpointFile.Read(File), schedule: new ConstantSchedule());
        (LinearSession whole, _) = Train(null, schedule: new ConstantSchedule());
        Assert.Equal(whole.ReadWeights()["w"].ToFloats(), resumed.ReadWeights()["w"].ToFloats());
    }

    [Fact]
    public void Differences_in_settings_are_named()
    {
        Train(new CheckpointAt(3, File));
        TrainingCheckpoint checkpoint = CheckpointFile.Read(File);
        Assert.Empty(checkpoint.DifferencesFrom(new Dictionary<string, string> { ["BatchSize"] = "8", ["Seed"] = "1" }));
        Assert.Equal(
            ["BatchSize was 8 and is now 16", "Seed was 1 and is now not set", "Rate was not set and is now 3"],
            checkpoint.DifferencesFrom(new Dictionary<string, string> { ["BatchSize"] = "16", ["Rate"] = "3" })
        );
    }

    private string File => Path.Combine(_folder.Path, "run.ckpt");

    private static (double, double?, double?, float) Figures(EpochResult epoch) =>
        (epoch.TrainLoss, epoch.ValidationLoss, epoch.ValidationAccuracy, epoch.LearningRate);

    internal static (LinearSession Session, TrainingLoop.PhaseResult Result) Train(
        TrainingCallback? callback,
        TrainingCheckpoint? from = null,
        int epochs = 6,
        LearningRateSchedule? schedule = null,
        EarlyStopping? earlyStopping = null,
        int seed = 1
    )
    {
        var session = new LinearSession(2, 2);
        var run = new TrainingRun(callback is null ? [] : [callback]);
        var loop = new TrainingLoop
        {
            Phase = TrainingPhase.Network,
            Session = session,
            Rows = new NumberedRows(Rows + ValidationRows),
            Targets = new ClassTargets(
                [.. Enumerable.Range(0, Rows + ValidationRows).Select(row => row * 7 % 5 < 2 ? 0 : 1)],
                2,
                new CrossEntropy()
            ),
            TrainingRows = [.. Enumerable.Range(0, Rows)],
            ValidationRows = [.. Enumerable.Range(Rows, ValidationRows)],
            Epochs = epochs,
            BatchSize = 8,
            LearningRate = 3,
            Schedule = schedule ?? new CosineSchedule(),
            Loss = new CrossEntropy(),
            Seed = seed,
            EarlyStopping = earlyStopping,
            RestoreBestWeights = true,
            Run = run,
            Settings = new Dictionary<string, string> { ["BatchSize"] = "8", ["Seed"] = $"{seed}" },
            Resume = from,
        };
        TrainingLoop.PhaseResult result = loop.Train();
        run.End(result.Reason, "");
        return (session, result);
    }

    /// <summary>Writes a checkpoint after a step, or where the step ends an epoch, after the epoch.</summary>
    private sealed class CheckpointAt(int step, string path) : TrainingCallback
    {
        public override void OnStepEnd(StepEndArguments arguments)
        {
            if (arguments.Step == step && step % arguments.Run.StepsPerEpoch != 0)
                arguments.Run.SaveCheckpoint(path);
        }

        public override void OnEpochEnd(EpochEndArguments arguments)
        {
            if (arguments.Step == step)
                arguments.Run.SaveCheckpoint(path);
        }
    }
}
