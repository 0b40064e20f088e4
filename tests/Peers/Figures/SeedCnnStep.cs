using System.Diagnostics;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.TorchSharp;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.TrainingContract;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// A training step of the seed's CNN (CIFAR-10's size, Adam): ours over that of Debian's PyTorch; and what a step costs beside its kernels.
/// </summary>
internal static class SeedCnnStep
{
    private const int Classes = 10,
        RowSize = 3 * 32 * 32,
        Rounds = 25;

    public static double? Measure(int batchSize, bool bfloat16)
    {
        using ITrainingSession? session = CreateSession(Network(), bfloat16);
        if (session is null)
            return null;
        return OverPyTorch(session, batchSize);
    }

    /// <summary>A session's step over PyTorch's.</summary>
    public static double OverPyTorch(ITrainingSession session, int batchSize)
    {
        using var peer = new PythonPeer("seed_cnn.py", $"{batchSize}");
        Console.WriteLine($"ours: {session.Device}; PyTorch: {peer.Ask("threads")} threads, fp32");
        int steps = 640 / batchSize;
        TrainingBatch batch = Batches.Random(seed: 1, batchSize, RowSize, Classes);
        Steps(session, batch, 10);
        peer.Ask("steps 10");
        return PairedTimes.Ratio(() => Steps(session, batch, steps), () => peer.AskNumber($"steps {steps}"), Rounds);
    }

    /// <summary>
    /// Milliseconds of a step of the same layers with one channel each, on one row, the fastest of 2,000: its kernels have next to nothing
    /// to compute, so this is what everything else costs (and more than it: their few microseconds are counted too).
    /// </summary>
    public static double? MeasureOverhead()
    {
        using ITrainingSession session = CreateSession(Narrow(Network()), bfloat16: false)!;
        TrainingBatch batch = Batches.Random(seed: 1, 1, RowSize, Classes);
        Steps(session, batch, 20);
        return 1000 * Enumerable.Range(0, 2000).Min(_ => Steps(session, batch, 1));
    }

    public static OnnxGraph Network() => OnnxGraph.Load(GoldenFiles.PathOf("training", "seed_cnn.onnx"));

    /// <returns>Null where this processor has no bf16 and it is asked for.</returns>
    public static ITrainingSession? CreateSession(OnnxGraph graph, bool bfloat16)
    {
        ITrainingSession session = new TorchSharpRuntime().CreateSession(
            graph,
            new TrainingSessionOptions { Optimizer = new Adam(), Precision = bfloat16 ? TrainingPrecision.Auto : TrainingPrecision.Float32 }
        );
        if (!bfloat16 || session.Precision == TrainingPrecision.BFloat16)
            return session;
        session.Dispose();
        return null;
    }

    /// <summary>The same layers with one channel each.</summary>
    public static OnnxGraph Narrow(OnnxGraph graph) =>
        graph with
        {
            Initializers = graph.Initializers.ToDictionary(i => i.Key, i => Narrow(i.Value)),
        };

    /// <summary>A weight of 32 or 64 channels with one, of the 1,024 features with the 16 that one channel leaves.</summary>
    private static OnnxTensor Narrow(OnnxTensor weight)
    {
        if (weight.ElementType != OnnxElementType.Float)
            return weight;
        long[] shape =
        [
            .. weight.Shape.Select(size =>
                size switch
                {
                    32 or 64 => 1,
                    1024 => 16,
                    _ => size,
                }
            ),
        ];
        return OnnxTensor.FromFloats(weight.Name, shape, weight.ToFloats()[..(int)shape.Aggregate(1L, (product, size) => product * size)]);
    }

    /// <summary>Seconds of a step.</summary>
    public static double Steps(ITrainingSession session, TrainingBatch batch, int count)
    {
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
            session.Step(batch, 0.001f);
        return Stopwatch.GetElapsedTime(started).TotalSeconds / count;
    }
}
