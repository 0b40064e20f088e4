using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Schedules;
using MLNetExtensions.Training.Targets;
using Xunit;

namespace MLNetExtensions.Tests.Training;

public class TrainingLoopTests
{
    private const int Rows = 23;

    [Fact]
    public void Each_epoch_visits_every_training_row_once_in_another_order()
    {
        using var session = new LinearSession(2, 2);
        Loop(session, epochs: 3, validationRows: 0).Train();
        float[][] epochs = [.. session.RowsSeen.Chunk(Rows)];
        Assert.Equal(3, epochs.Length);
        Assert.All(epochs, epoch => Assert.Equal(Rows, epoch.Distinct().Count()));
        Assert.NotEqual(epochs[0], epochs[1]);
        Assert.NotEqual(epochs[1], epochs[2]);
    }

    [Fact]
    public void The_last_partial_batch_is_trained()
    {
        using var session = new LinearSession(2, 2);
        Loop(session, epochs: 1, validationRows: 0).Train();
        Assert.Equal([8, 8, 7], session.Steps);
    }

    [Fact]
    public void A_batch_larger_than_the_set_is_the_whole_set()
    {
        using var session = new LinearSession(2, 2);
        Loop(session, epochs: 2, validationRows: 0, batchSize: 1000).Train();
        Assert.Equal([Rows, Rows], session.Steps);
    }

    [Fact]
    public void The_schedule_gets_the_steps_of_the_whole_run()
    {
        using var session = new LinearSession(2, 2);
        Loop(session, epochs: 2, validationRows: 0, schedule: new CosineSchedule()).Train();
        Assert.Equal(Enumerable.Range(0, 6).Select(step => new CosineSchedule().RateAt(0.5f, step, 6)), session.Rates);
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        float[] Weights(int seed)
        {
            using var session = new LinearSession(2, 2);
            Loop(session, epochs: 2, validationRows: 5, seed: seed).Train();
            return session.ReadWeights()["w"].ToFloats();
        }
        Assert.Equal(Weights(1), Weights(1));
        Assert.NotEqual(Weights(1), Weights(2));
    }

    [Fact]
    public void Validation_covers_the_whole_set_whatever_the_batch_size()
    {
        EpochResult Last(int batchSize)
        {
            using var session = new LinearSession(2, 2) { OnStep = _ => 1f };
            return Loop(session, epochs: 1, validationRows: 11, batchSize: batchSize).Train().Epochs[^1];
        }
        // No step changes the weights, so all logits are zero: the loss is ln 2, and class 0 is predicted.
        Assert.Equal(Math.Log(2), Last(4).ValidationLoss!.Value, 6);
        Assert.Equal(Last(11).ValidationAccuracy, Last(4).ValidationAccuracy);
        Assert.Equal(6 / 11.0, Last(4).ValidationAccuracy!.Value, 6);
    }

    [Fact]
    public void The_best_epoch_is_restored()
    {
        // The rate is so high that later epochs make it worse again.
        using var session = new LinearSession(2, 2);
        var losses = new List<double>();
        TrainingLoop.PhaseResult result = Loop(
                session,
                epochs: 8,
                validationRows: 8,
                learningRate: 60,
                epochEnded: e => losses.Add(e.ValidationLoss!.Value)
            )
            .Train();
        Assert.Equal(losses.IndexOf(losses.Min()), result.BestEpoch);
        double restored = Loop(new LinearSessionOnWeights(session).Session, epochs: 1, validationRows: 8)
            .Train()
            .Epochs[0]
            .ValidationLoss!.Value;
        Assert.Equal(losses.Min(), restored, 5);
    }

    [Fact]
    public void Early_stopping_ends_after_its_patience()
    {
        using var session = new LinearSession(2, 2) { OnStep = _ => 1f };
        TrainingLoop.PhaseResult result = Loop(session, epochs: 50, validationRows: 6, earlyStopping: new EarlyStopping(Patience: 3))
            .Train();
        Assert.Equal(StopReason.EarlyStopped, result.Reason);
        Assert.Equal(4, result.Epochs.Count);
        Assert.Equal(0, result.BestEpoch);
    }

    [Fact]
    public void Canceling_keeps_what_was_learned()
    {
        using var stop = new CancellationTokenSource();
        using var session = new LinearSession(2, 2)
        {
            OnStep = step =>
            {
                if (step == 8)
                    stop.Cancel();
                return null;
            },
        };
        TrainingLoop.PhaseResult result = Loop(session, epochs: 100, validationRows: 0, cancellation: stop.Token).Train();
        Assert.Equal(StopReason.Canceled, result.Reason);
        Assert.Equal(8, session.Steps.Count);
        Assert.Equal(2, result.Epochs.Count);
        Assert.Contains("epoch 3 after 16 of 23 rows", result.Message);
        Assert.Contains(session.ReadWeights()["w"].ToFloats(), w => w != 0);
    }

    [Theory]
    // The network as it comes, three steps of the first epoch, its validation, and so on.
    [InlineData(1, 0, "before its first step")]
    [InlineData(2, 3, "while epoch 1 was measured")]
    [InlineData(3, 6, "while epoch 2 was measured")]
    public void A_validation_is_broken_off_between_two_batches(int pass, int steps, string message)
    {
        using var stop = new CancellationTokenSource();
        int passes = 0,
            batches = 0;
        using var session = new LinearSession(2, 2)
        {
            OnPredict = () =>
            {
                // Forty rows are five batches.
                passes = batches++ / 5 + 1;
                if (passes == pass && batches % 5 == 2)
                    stop.Cancel();
            },
        };
        TrainingLoop.PhaseResult result = Loop(session, epochs: 100, validationRows: 40, startsTrained: true, cancellation: stop.Token)
            .Train();
        Assert.Equal(StopReason.Canceled, result.Reason);
        Assert.Contains(message, result.Message, StringComparison.Ordinal);
        Assert.Equal(steps, session.Steps.Count);
        Assert.Equal(2 + (5 * (pass - 1)), batches);
    }

    [Fact]
    public void A_loss_that_is_not_finite_stops_at_its_step_with_the_last_whole_epochs_weights()
    {
        float[]? afterFirstEpoch = null;
        LinearSession session = null!;
        session = new LinearSession(2, 2)
        {
            OnStep = step =>
            {
                if (step == 4)
                    afterFirstEpoch = session.ReadWeights()["w"].ToFloats();
                return step == 6 ? float.NaN : null;
            },
        };
        TrainingLoop.PhaseResult result = Loop(session, epochs: 100, validationRows: 0).Train();
        Assert.Equal(StopReason.NotFiniteLoss, result.Reason);
        Assert.Contains("step 3 of epoch 2", result.Message);
        Assert.Equal(0, result.BestEpoch);
        Assert.Equal(afterFirstEpoch, session.ReadWeights()["w"].ToFloats());
    }

    [Fact]
    public void Progress_counts_rows()
    {
        using var session = new LinearSession(2, 2);
        var reports = new List<TrainingProgress>();
        Loop(session, epochs: 2, validationRows: 4, progress: new Collect(reports)).Train();
        // After each step, and when the epoch has been measured.
        Assert.Equal([8, 16, 23, 23, 8, 16, 23, 23], reports.Select(r => r.Done));
        Assert.All(reports, r => Assert.Equal((23, 2), (r.Total, r.Epochs)));
        Assert.Null(reports[0].LastEpoch);
        Assert.Equal(1, reports[3].LastEpoch!.Epoch);
        Assert.Equal(1, reports[4].LastEpoch!.Epoch);
        Assert.Equal(2, reports[^1].LastEpoch!.Epoch);
        Assert.NotNull(reports[^1].LastEpoch!.ValidationLoss);
    }

    [Fact]
    public void A_trained_network_comes_back_where_no_epoch_is_better()
    {
        using var session = new LinearSession(2, 2);
        Loop(session, epochs: 30, validationRows: 9).Train();
        float[] trained = session.ReadWeights()["w"].ToFloats();
        // Uphill: every epoch makes it worse.
        TrainingLoop.PhaseResult result = Loop(session, epochs: 3, validationRows: 9, learningRate: -1, startsTrained: true).Train();
        Assert.Equal(-1, result.BestEpoch);
        Assert.Equal(trained, session.ReadWeights()["w"].ToFloats());
        result = Loop(
                session,
                epochs: 9,
                validationRows: 9,
                earlyStopping: new EarlyStopping(Patience: 2),
                learningRate: -1,
                startsTrained: true
            )
            .Train();
        Assert.Equal((StopReason.EarlyStopped, 2), (result.Reason, result.Epochs.Count));
        Assert.Contains("since the start", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rate_is_lowered_and_the_weights_go_back_where_the_loss_rises()
    {
        float[]? before = null,
            after = null;
        LinearSession session = null!;
        session = new LinearSession(2, 2)
        {
            OnStep = step =>
            {
                // Epochs 1 and 2 fall, epoch 3 rises: what epoch 2 ended with is to blame, what it began with is not.
                if (step == 4)
                    before = session.ReadWeights()["w"].ToFloats();
                if (step == 10)
                    after = session.ReadWeights()["w"].ToFloats();
                return step is >= 7 and < 10 ? 5f : null;
            },
        };
        var warnings = new List<string>();
        TrainingLoop.PhaseResult result = Loop(session, epochs: 4, validationRows: 0, lowersRate: true, warned: warnings.Add).Train();
        Assert.Equal(before, after);
        Assert.Equal([0.5f, 0.5f, 0.5f, 0.1f], session.Rates.Chunk(3).Select(epoch => epoch[0]), (a, b) => Math.Abs(a - b) < 1e-6f);
        Assert.Contains("rose", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(StopReason.Completed, result.Reason);
        Assert.Equal(3, result.BestEpoch);
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_tried_again_at_a_lower_rate_where_nobody_chose_it()
    {
        // Steps go wrong while the rate is above a hundredth.
        LinearSession session = null!;
        session = new LinearSession(2, 2) { OnStep = _ => session.Rates[^1] > 0.03f ? float.NaN : null };
        TrainingLoop.PhaseResult result = Loop(session, epochs: 2, validationRows: 0, lowersRate: true).Train();
        Assert.Equal((StopReason.Completed, 2), (result.Reason, result.Epochs.Count));
        Assert.Equal([8, 8, 8, 8, 7, 8, 8, 7], session.Steps);
        session = new LinearSession(2, 2) { OnStep = _ => float.NaN };
        Assert.Equal(StopReason.NotFiniteLoss, Loop(session, epochs: 2, validationRows: 0, lowersRate: true).Train().Reason);
        Assert.Equal(5, session.Steps.Count);
    }

    [Fact]
    public void Without_validation_rows_an_epoch_that_fell_apart_is_not_kept()
    {
        double chance = Math.Log(2);
        float[]? good = null;
        LinearSession wild = null!;
        wild = new LinearSession(2, 2)
        {
            OnStep = step =>
            {
                if (step == 7)
                    good = wild.ReadWeights()["w"].ToFloats();
                return step >= 8 ? 9f : null;
            },
        };
        TrainingLoop.PhaseResult result = Loop(wild, epochs: 3, validationRows: 0, chance: chance).Train();
        Assert.Equal(1, result.BestEpoch);
        Assert.Equal(good, wild.ReadWeights()["w"].ToFloats());
    }

    [Fact]
    public void Callbacks_are_called_in_order_with_what_happened()
    {
        using var session = new LinearSession(2, 2);
        var callback = new Recorder();
        TrainingLoop loop = Loop(session, epochs: 2, validationRows: 4, callback: callback);
        loop.Run.End(loop.Train().Reason, "");
        Assert.Equal(
            [
                "begin 2 epochs of 3 steps",
                "epoch 1",
                "step 1 of 8 rows",
                "step 2 of 8 rows",
                "step 3 of 7 rows",
                "end of epoch 1 at step 3, 8 outputs",
                "epoch 2",
                "step 4 of 8 rows",
                "step 5 of 8 rows",
                "step 6 of 7 rows",
                "end of epoch 2 at step 6, 8 outputs",
                "end Completed",
            ],
            callback.Calls
        );
    }

    [Fact]
    public void A_callback_stops_training_after_its_step()
    {
        using var session = new LinearSession(2, 2);
        TrainingLoop.PhaseResult result = Loop(session, epochs: 9, validationRows: 0, callback: new Recorder { StopAtStep = 5 }).Train();
        Assert.Equal(StopReason.Stopped, result.Reason);
        Assert.Equal(5, session.Steps.Count);
        Assert.Contains("epoch 2 after 16 of 23 rows: enough", result.Message);
    }

    [Fact]
    public void Waiting_for_slow_rows_is_counted()
    {
        using var session = new LinearSession(2, 2);
        using var rows = new NumberedRows(Rows) { Delay = TimeSpan.FromMilliseconds(20) };
        EpochResult slow = Loop(session, epochs: 1, validationRows: 0, rows: rows).Train().Epochs[0];
        Assert.InRange(slow.DataWaitFraction, 0.5, 1);
        Assert.True(slow.DataWait >= TimeSpan.FromMilliseconds(50), $"{slow.DataWait}");
    }

    [Fact]
    public void Rows_that_cannot_be_read_end_training_with_their_error()
    {
        using var session = new LinearSession(2, 2);
        using var rows = new NumberedRows(Rows) { BadRow = 7 };
        IOException error = Assert.Throws<IOException>(() => Loop(session, epochs: 1, validationRows: 0, rows: rows).Train());
        Assert.Equal("row 7", error.Message);
    }

    [Fact]
    public void Weighted_rows_are_drawn_as_often_as_they_weigh()
    {
        using var session = new LinearSession(2, 2);
        // Odd rows weigh nine times what even ones do; row 0 nothing at all.
        double[] weights =
        [
            .. Enumerable
                .Range(0, Rows)
                .Select(row =>
                    row == 0 ? 0d
                    : row % 2 == 1 ? 9
                    : 1
                ),
        ];
        Loop(session, epochs: 100, validationRows: 0, samplingWeights: weights).Train();
        int[] drawn = [.. session.RowsSeen.Select(value => (int)MathF.Round(value * 100))];
        Assert.Equal(100 * Rows, drawn.Length);
        Assert.DoesNotContain(0, drawn);
        Assert.Equal(11 * 9.0 / (11 * 9 + 11), drawn.Count(row => row % 2 == 1) / (double)drawn.Length, 0.02);
        Assert.Equal(22, drawn.Distinct().Count());
    }

    [Fact]
    public void It_learns()
    {
        using var session = new LinearSession(2, 2);
        TrainingLoop.PhaseResult result = Loop(session, epochs: 30, validationRows: 9).Train();
        Assert.Equal(1.0, result.Epochs[^1].ValidationAccuracy);
    }

    private static TrainingLoop Loop(
        ITrainingSession session,
        int epochs,
        int validationRows,
        int batchSize = 8,
        int seed = 1,
        float learningRate = 0.5f,
        LearningRateSchedule? schedule = null,
        EarlyStopping? earlyStopping = null,
        CancellationToken cancellation = default,
        IProgress<TrainingProgress>? progress = null,
        Action<EpochResult>? epochEnded = null,
        TrainingCallback? callback = null,
        ITrainingRows? rows = null,
        IReadOnlyList<double>? samplingWeights = null,
        bool startsTrained = false,
        bool lowersRate = false,
        double chance = double.PositiveInfinity,
        Action<string>? warned = null
    ) =>
        new()
        {
            StartsTrained = startsTrained,
            LowersRate = lowersRate,
            ChanceLoss = chance,
            Warned = warned,
            Phase = TrainingPhase.Head,
            Session = session,
            Rows = rows ?? new NumberedRows(Rows + validationRows),
            Targets = new ClassTargets(
                [.. Enumerable.Range(0, Rows + validationRows).Select(row => row % 2 == 1 ? 0 : 1)],
                2,
                new CrossEntropy()
            ),
            TrainingRows = [.. Enumerable.Range(0, Rows)],
            ValidationRows = [.. Enumerable.Range(Rows, validationRows)],
            SamplingWeights = samplingWeights,
            Epochs = epochs,
            BatchSize = batchSize,
            LearningRate = learningRate,
            Schedule = schedule ?? new ConstantSchedule(),
            Loss = new CrossEntropy(),
            Seed = seed,
            EarlyStopping = earlyStopping,
            RestoreBestWeights = true,
            Progress = progress,
            EpochEnded = epochEnded,
            Run = new TrainingRun(callback is null ? [] : [callback]),
            CancellationToken = cancellation,
        };

    /// <summary>A session that has another one's weights and never changes them.</summary>
    private sealed class LinearSessionOnWeights
    {
        public LinearSessionOnWeights(LinearSession source)
        {
            Session = new LinearSession(2, 2) { OnStep = _ => 1f };
            Session.WriteWeights(source.ReadWeights());
        }

        public LinearSession Session { get; }
    }

    private sealed class Recorder : TrainingCallback
    {
        public List<string> Calls { get; } = [];

        public int StopAtStep { get; init; }

        public override bool NeedsValidationOutputs => true;

        public override void OnTrainBegin(TrainBeginArguments arguments) =>
            Calls.Add($"begin {arguments.Run.Epochs} epochs of {arguments.Run.StepsPerEpoch} steps");

        public override void OnEpochBegin(EpochBeginArguments arguments) => Calls.Add($"epoch {arguments.Epoch}");

        public override void OnStepEnd(StepEndArguments arguments)
        {
            Calls.Add($"step {arguments.Step} of {arguments.Batch.Count} rows");
            if (arguments.Step == StopAtStep)
                arguments.Run.RequestStop("enough");
        }

        public override void OnEpochEnd(EpochEndArguments arguments) =>
            Calls.Add($"end of epoch {arguments.Result.Epoch} at step {arguments.Step}, {arguments.ValidationOutputs.Length} outputs");

        public override void OnTrainEnd(TrainEndArguments arguments) => Calls.Add($"end {arguments.Reason}");
    }

    private sealed class Collect(List<TrainingProgress> reports) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => reports.Add(value);
    }
}
