using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.TensorFlow.Launching;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Tests.Cluster;

/// <summary>What goes over the loopback device in a step, counted by the system, beside what a ring all-reduce must send.</summary>
[Collection(Alone.Name)]
public class SentBytesTests
{
    private const int Warmups = 5,
        Steps = 40,
        Classes = 10,
        RowSize = 3 * 32 * 32;

    private const string Counters = "/proc/net/dev";

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_step_sends_what_a_ring_sends(int count)
    {
        Assert.SkipUnless(File.Exists(Counters), $"Only Linux counts a device's bytes in {Counters}.");
        OnnxGraph network = new SeedCnn().Build(Classes, seed: 1);
        string[] workers = FreeAddresses.Find(count);
        ITrainingSession[] sessions = await LocalWorkers.Run(
            count,
            index =>
                TensorFlowRuntime
                    .Create(new TensorFlowRuntimeOptions { Cluster = new TensorFlowCluster(workers, index) })
                    .CreateSession(
                        network,
                        new TrainingSessionOptions
                        {
                            Optimizer = new Sgd(),
                            Precision = TrainingPrecision.Float32,
                            Threads = 1,
                        }
                    )
        );
        await LocalWorkers.Run(count, index => Train(sessions[index], index, Warmups));
        long before = SentBytes();
        await LocalWorkers.Run(count, index => Train(sessions[index], index, Steps));
        double sent = (double)(SentBytes() - before) / (count * Steps);
        foreach (ITrainingSession session in sessions)
            session.Dispose();

        // Gradients, the loss and the rows' weight.
        long values = network.Initializers.Values.Sum(t => t.ToFloats().LongLength) + 2;
        double predicted = 2.0 * (count - 1) / count * sizeof(float) * values;
        Assert.InRange(sent / predicted, 1, 1.1);

        static float Train(ITrainingSession session, int worker, int steps)
        {
            TrainingBatch batch = Batches.Random(worker, 2, RowSize, Classes);
            float loss = 0;
            for (int step = 0; step < steps; step++)
                loss = session.Step(batch, 0.001f);
            return loss;
        }
    }

    /// <summary>The ninth number behind the loopback device's name.</summary>
    private static long SentBytes() =>
        long.Parse(
            File.ReadLines(Counters)
                .Single(line => line.TrimStart().StartsWith("lo:", StringComparison.Ordinal))
                .Split(':')[1]
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[8]
        );
}
