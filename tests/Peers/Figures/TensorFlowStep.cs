using System.Diagnostics;
using MLNetExtensions.TensorFlow;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.TrainingContract;

namespace MLNetExtensions.Peers.Figures;

/// <summary>The TensorFlow runtime: the library is named by the environment variable MLNETX_TENSORFLOW or found as usual.</summary>
internal static class TensorFlowStep
{
    private const int Classes = 10,
        RowSize = 3 * 32 * 32,
        Rounds = 25;

    public static double? GoldenTraining() => Figures.GoldenTraining.Measure(TensorFlowRuntime.Create());

    public static double? Measure(int batchSize)
    {
        using ITrainingSession session = CreateSession();
        return SeedCnnStep.OverPyTorch(session, batchSize);
    }

    /// <summary>A step over the bare call of TF_SessionRun with all of its arguments ready.</summary>
    public static double? Overhead() =>
        new[] { 32, 128 }.Max(batchSize =>
        {
            using var session = (TensorFlowSession)CreateSession();
            TrainingBatch batch = Batches.Random(seed: 1, batchSize, RowSize, Classes);
            SeedCnnStep.Steps(session, batch, 10);
            Action bare = session.BareStep(batch);
            int steps = 640 / batchSize;
            double ratio = PairedTimes.Ratio(() => SeedCnnStep.Steps(session, batch, steps), () => Time(bare, steps), Rounds);
            Console.WriteLine($"batch {batchSize}: {ratio:0.####}");
            return ratio;
        });

    private static double Time(Action step, int count)
    {
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
            step();
        return Stopwatch.GetElapsedTime(started).TotalSeconds / count;
    }

    private static ITrainingSession CreateSession() =>
        TensorFlowRuntime
            .Create()
            .CreateSession(
                SeedCnnStep.Network(),
                new TrainingSessionOptions { Optimizer = new Adam(), Precision = TrainingPrecision.Float32 }
            );
}
