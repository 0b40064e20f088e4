using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TrainingContract.Golden;

/// <summary>
/// What PyTorch computed for a small network (tests/Golden/training), beside what a session computes. tests/Peers runs the same code, so
/// nothing here knows xunit.
/// </summary>
internal sealed class TrainingRecord(string network, ITrainingRuntime? runtime = null) : IDisposable
{
    private const int BatchSize = 8,
        Classes = 10;

    private readonly Npz _record = new(GoldenFiles.PathOf("training", $"{network}.npz"));

    /// <summary>The five batches that all the networks were given.</summary>
    private readonly Npz _batches = new(GoldenFiles.PathOf("training", "batches.npz"));

    public static IReadOnlyList<string> Networks =>
        [
            "convnext_tiny",
            "dense_tiny",
            "mobile_tiny",
            "resnet_tiny",
            "row_gru",
            "row_lstm",
            "row_lstm_bi",
            "row_rnn",
            "seed_cnn",
            "tied",
            "vit_tiny",
        ];

    /// <summary>Where inference-mode logits differ; empty where they agree.</summary>
    public IEnumerable<string> Forward()
    {
        using ITrainingSession session = CreateSession();
        return Differences("eval_logits", Batches.Predict(session, Batch(0), Classes), 1e-4f);
    }

    /// <summary>Where the loss, training-mode logits or gradients of the first batch differ.</summary>
    public IEnumerable<string> Gradients()
    {
        using ITrainingSession session = CreateSession();
        (float loss, float[] logits, IReadOnlyDictionary<string, OnnxTensor> gradients) = session.ComputeGradients(Batch(0));
        return
        [
            .. Differences("loss", [_record.Singles("losses")[0]], [loss], 1e-4f),
            .. Differences("train_logits", logits, 1e-4f),
            .. Differences("grad/", gradients, 1e-3f),
        ];
    }

    /// <summary>Where the losses of five steps, the weights and BatchNorm statistics after them, or the logits then, differ.</summary>
    public IEnumerable<string> FiveSteps()
    {
        using ITrainingSession session = CreateSession();
        var differences = new List<string>();
        float[] losses = _record.Singles("losses");
        for (int step = 0; step < losses.Length; step++)
            differences.AddRange(Differences($"loss of step {step}", [losses[step]], [session.Step(Batch(step), 0.05f)], 1e-3f));
        differences.AddRange(Differences("final/", session.ReadWeights(), 1e-3f));
        differences.AddRange(Differences("final_eval_logits", Batches.Predict(session, Batch(0), Classes), 1e-3f));
        return differences;
    }

    public void Dispose()
    {
        _record.Dispose();
        _batches.Dispose();
    }

    private ITrainingSession CreateSession()
    {
        OnnxGraph graph = OnnxGraph.Load(GoldenFiles.PathOf("training", $"{network}.onnx"));
        return (runtime ?? RuntimeUnderTest.Create()).CreateSession(
            graph,
            new TrainingSessionOptions
            {
                Optimizer = new Sgd { Momentum = 0.9f, WeightDecay = 5e-4f },
                Precision = TrainingPrecision.Float32,
            }
        );
    }

    private TrainingBatch Batch(int index)
    {
        const int size = BatchSize * 3 * 32 * 32;
        int[] labels = [.. _batches.Integers("y").Skip(index * BatchSize).Take(BatchSize).Select(l => (int)l)];
        return Batches.Create(_batches.Singles("x").AsMemory(index * size, size), labels, Classes);
    }

    /// <summary>Compares tensors by name: both sides must have the same ones.</summary>
    private IEnumerable<string> Differences(string prefix, IReadOnlyDictionary<string, OnnxTensor> actual, float tolerance)
    {
        string[] recorded = [.. _record.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Select(n => n[prefix.Length..])];
        if (!recorded.Order().SequenceEqual(actual.Keys.Order()))
            return [$"{prefix}: recorded {string.Join(", ", recorded.Order())}; got {string.Join(", ", actual.Keys.Order())}"];
        return recorded.SelectMany(name => Differences(prefix + name, actual[name].ToFloats(), tolerance));
    }

    private IEnumerable<string> Differences(string name, float[] actual, float tolerance) =>
        Differences(name, _record.Singles(name), actual, tolerance);

    /// <summary>Compares within a share of the record's largest value.</summary>
    private static IEnumerable<string> Differences(string what, float[] expected, float[] actual, float tolerance)
    {
        if (expected.Length != actual.Length)
            return [$"{what}: {actual.Length} values, recorded {expected.Length}"];
        float largest = expected.Max(Math.Abs),
            worst = 0;
        for (int i = 0; i < expected.Length; i++)
            worst = Math.Max(worst, float.IsNaN(actual[i]) ? float.PositiveInfinity : Math.Abs(expected[i] - actual[i]));
        return worst <= tolerance * largest + 1e-7f ? [] : [$"{what}: off by {worst}, largest value {largest}"];
    }
}
