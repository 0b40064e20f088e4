using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.TrainingContract;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// How far resident memory rises over a training session's steps, above what the process holds when the libraries are loaded and have done
/// a step of another, tiny network: ours over Debian's PyTorch. fp32 on both sides.
/// </summary>
internal static class StepMemory
{
    private const int Steps = 8;

    public static double? Measure()
    {
        double seedCnn = Ratio(
            "seed CNN, batch 128",
            "seed_cnn.py",
            ["128"],
            128,
            3 * 32 * 32,
            SeedCnnStep.Network(),
            graph => SeedCnnStep.CreateSession(graph, bfloat16: false)!
        );
        double resNet = Ratio(
            "ResNet-18, batch 16",
            "resnet18.py",
            [],
            16,
            3 * 224 * 224,
            ResNet18Step.Export(),
            graph => ResNet18Step.CreateSession(graph, bfloat16: false)
        );
        return Math.Max(seedCnn, resNet);
    }

    private static double Ratio(
        string name,
        string script,
        string[] arguments,
        int batchSize,
        int rowSize,
        OnnxGraph graph,
        Func<OnnxGraph, ITrainingSession> create
    )
    {
        const int classes = 10;
        OnnxGraph tiny = SeedCnnStep.Narrow(SeedCnnStep.Network());
        using (ITrainingSession warm = SeedCnnStep.CreateSession(tiny, bfloat16: false)!)
            warm.Step(Batches.Random(seed: 1, 1, 3 * 32 * 32, classes), 0.001f);
        GC.Collect();
        PeakMemory.Reset();
        // The graph holds the weights already, as PyTorch's module does.
        double before = PeakMemory.Now;
        using (ITrainingSession session = create(graph))
        {
            TrainingBatch batch = Batches.Random(seed: 1, batchSize, rowSize, classes);
            for (int i = 0; i < Steps; i++)
                session.Step(batch, 0.001f);
        }
        double ours = PeakMemory.Peak - before;
        using var peer = new PythonPeer(script, arguments);
        double theirs = peer.AskNumber($"memory {Steps}");
        Console.WriteLine($"{name}: ours {ours:F0} MiB, PyTorch {theirs:F0} MiB, ratio {ours / theirs:F2}");
        return ours / theirs;
    }
}
