using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Schedules;
using MLNetExtensions.Training.Targets;
using Xunit;

namespace MLNetExtensions.Tests.Training;

/// <summary>Epochs judged by a figure of all validation rows.</summary>
public class BestFigureTests
{
    private const int Rows = 40;

    [Fact]
    public void The_epoch_with_the_highest_figure_is_the_best()
    {
        TrainingLoop.PhaseResult result = Train([0.2, 0.6, 0.4, 0.5], byFigure: true);
        Assert.Equal(1, result.BestEpoch);
        Assert.Equal([0.2, 0.6, 0.4, 0.5], result.Epochs.Select(e => e.ValidationMeanAveragePrecision50));
    }

    [Fact]
    public void Of_equal_figures_the_lower_loss_decides() => Assert.Equal(3, Train([0.2, 0.6, 0.4, 0.6], byFigure: true).BestEpoch);

    [Fact]
    public void The_loss_decides_where_that_is_asked_for() => Assert.Equal(3, Train([0.2, 0.6, 0.4, 0.5], byFigure: false).BestEpoch);

    [Fact]
    public void The_loss_decides_where_there_is_no_figure() => Assert.Equal(3, Train([null, null, null, null], byFigure: true).BestEpoch);

    [Fact]
    public void Early_stopping_watches_the_figure()
    {
        TrainingLoop.PhaseResult result = Train([0.2, 0.6, 0.4, 0.5, 0.3, 0.1], byFigure: true, new EarlyStopping(Patience: 2));
        Assert.Equal(StopReason.EarlyStopped, result.Reason);
        Assert.Equal(4, result.Epochs.Count);
        Assert.Equal("the figures of validation have not improved since epoch 2", result.Message);
    }

    private static TrainingLoop.PhaseResult Train(double?[] figures, bool byFigure, EarlyStopping? stopping = null)
    {
        var session = new LinearSession(2, 2);
        return new TrainingLoop
        {
            Phase = TrainingPhase.Head,
            Session = session,
            Rows = new NumberedRows(2 * Rows),
            Targets = new FiguredTargets(
                new ClassTargets([.. Enumerable.Range(0, 2 * Rows).Select(row => row % 2 == 1 ? 0 : 1)], 2, new CrossEntropy()),
                figures
            ),
            TrainingRows = [.. Enumerable.Range(0, Rows)],
            ValidationRows = [.. Enumerable.Range(Rows, Rows)],
            Epochs = figures.Length,
            BatchSize = 8,
            LearningRate = 0.5f,
            Schedule = new ConstantSchedule(),
            Loss = new CrossEntropy(),
            Seed = 1,
            EarlyStopping = stopping,
            RestoreBestWeights = true,
            JudgesByFigure = byFigure,
        }.Train();
    }

    /// <summary>Targets that have a figure for each epoch ready.</summary>
    private sealed class FiguredTargets(TrainingTargets targets, double?[] figures) : TrainingTargets
    {
        private int _epoch;

        public override int Width => targets.Width;

        public override int TargetWidth(bool training) => targets.TargetWidth(training);

        public override float Encode(ReadOnlySpan<int> rows, bool training, Span<float> encoded) => targets.Encode(rows, training, encoded);

        public override OutputMeasures Measure(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs) => targets.Measure(rows, outputs);

        public override SetMeasures MeasureSet() => new(figures[_epoch++], null);

        public override string Fingerprint() => targets.Fingerprint();
    }
}
