using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Checkpoints;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.Schedules;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.TrainingContract;

/// <summary>The real session under the real loop: BatchNorm, dropout, momentum, a schedule, and a last batch that is smaller.</summary>
public sealed class ResumedTrainingTests : IDisposable
{
    private const int Rows = 38,
        TrainingRows = 30,
        BatchSize = 8,
        StepsPerEpoch = 4;

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"resumed-{Guid.NewGuid():N}.ckpt");

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData(3 * StepsPerEpoch)]
    [InlineData(2 * StepsPerEpoch + 3)]
    public void Three_epochs_and_three_more_are_six_bit_for_bit(int atStep)
    {
        (IReadOnlyDictionary<string, OnnxTensor> expected, TrainingLoop.PhaseResult whole) = Train(new CheckpointAt(atStep, _file), null);
        (IReadOnlyDictionary<string, OnnxTensor> actual, TrainingLoop.PhaseResult resumed) = Train(null, CheckpointFile.Read(_file));
        Assert.Equal(
            whole.Epochs.Select(e => (e.TrainLoss, e.ValidationLoss, e.ValidationAccuracy)),
            resumed.Epochs.Select(e => (e.TrainLoss, e.ValidationLoss, e.ValidationAccuracy))
        );
        foreach ((string name, OnnxTensor weights) in expected)
            Assert.True(weights.RawData.Span.SequenceEqual(actual[name].RawData.Span), name);
    }

    private static (IReadOnlyDictionary<string, OnnxTensor> Weights, TrainingLoop.PhaseResult Result) Train(
        TrainingCallback? callback,
        TrainingCheckpoint? from
    )
    {
        using ITrainingSession session = SmallNetwork.CreateSession(
            new TrainingSessionOptions
            {
                Optimizer = new AdamW(),
                ClipGradientNorm = 1,
                Seed = 5,
            },
            dropout: true
        );
        TrainingLoop.PhaseResult result = new TrainingLoop
        {
            Phase = TrainingPhase.Network,
            Session = session,
            Rows = new RandomRows(),
            Targets = new ClassTargets(
                [.. Enumerable.Range(0, Rows).Select(row => row % SmallNetwork.Classes)],
                SmallNetwork.Classes,
                new CrossEntropy(0.1f)
            ),
            TrainingRows = [.. Enumerable.Range(0, TrainingRows)],
            ValidationRows = [.. Enumerable.Range(TrainingRows, Rows - TrainingRows)],
            Epochs = 6,
            BatchSize = BatchSize,
            LearningRate = 0.02f,
            Schedule = new OneCycleSchedule(),
            Loss = new CrossEntropy(),
            Seed = 3,
            Run = new TrainingRun(callback is null ? [] : [callback]),
            Resume = from,
        }.Train();
        return (session.ReadWeights(), result);
    }

    private sealed class RandomRows : ITrainingRows
    {
        private readonly float[] _values = Batches.Random(9, Rows, SmallNetwork.RowSize, SmallNetwork.Classes).Inputs[0].ToArray();

        public int Count => Rows;

        public IReadOnlyList<int> ItemSizes => [SmallNetwork.RowSize];

        public void Fill(ReadOnlySpan<int> rows, int epoch, IReadOnlyList<float[]> inputs)
        {
            for (int i = 0; i < rows.Length; i++)
                _values.AsSpan(rows[i] * SmallNetwork.RowSize, SmallNetwork.RowSize).CopyTo(inputs[0].AsSpan(i * SmallNetwork.RowSize));
        }

        public void Dispose() { }
    }

    private sealed class CheckpointAt(int step, string path) : TrainingCallback
    {
        public override void OnStepEnd(StepEndArguments arguments)
        {
            if (arguments.Step == step && step % StepsPerEpoch != 0)
                arguments.Run.SaveCheckpoint(path);
        }

        public override void OnEpochEnd(EpochEndArguments arguments)
        {
            if (arguments.Step == step)
                arguments.Run.SaveCheckpoint(path);
        }
    }
}
