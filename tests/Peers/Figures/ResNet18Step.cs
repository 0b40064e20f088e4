using System.Diagnostics;
using MLNetExtensions.Onnx;
using MLNetExtensions.TorchSharp;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.TrainingContract;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// A full training step of ResNet-18 at 224 px, batch 16, SGD with momentum: ours over that of Debian's PyTorch, same network and weights.
/// </summary>
internal static class ResNet18Step
{
    private const int Batch = 16,
        Classes = 10,
        StepsPerRound = 3,
        Rounds = 7;

    public static double? Measure(bool bfloat16)
    {
        if (bfloat16 && !System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
            return null;
        using var peer = new PythonPeer("resnet18.py");
        using ITrainingSession session = CreateSession(Export(peer), bfloat16);
        if (bfloat16 && session.Precision != TrainingPrecision.BFloat16)
            return null;
        Console.WriteLine($"ours: {session.Device}; PyTorch: {peer.Ask("threads")} threads, fp32");
        TrainingBatch batch = Batches.Random(seed: 1, Batch, 3 * 224 * 224, Classes);
        Steps(2);
        peer.Ask("steps 2");
        return PairedTimes.Ratio(() => Steps(StepsPerRound), () => peer.AskNumber($"steps {StepsPerRound}"), Rounds);

        double Steps(int count)
        {
            long started = Stopwatch.GetTimestamp();
            for (int i = 0; i < count; i++)
                session.Step(batch, 0.01f);
            return Stopwatch.GetElapsedTime(started).TotalSeconds / count;
        }
    }

    /// <summary>The peer's network.</summary>
    public static OnnxGraph Export()
    {
        using var peer = new PythonPeer("resnet18.py");
        return Export(peer);
    }

    public static ITrainingSession CreateSession(OnnxGraph graph, bool bfloat16) =>
        new TorchSharpRuntime().CreateSession(
            graph,
            new TrainingSessionOptions
            {
                Optimizer = new Sgd { Momentum = 0.9f },
                Precision = bfloat16 ? TrainingPrecision.Auto : TrainingPrecision.Float32,
            }
        );

    private static OnnxGraph Export(PythonPeer peer)
    {
        string file = Path.Combine(Path.GetTempPath(), $"resnet18-{Environment.ProcessId}.onnx");
        try
        {
            peer.Ask($"export {file}");
            return OnnxGraph.Load(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
