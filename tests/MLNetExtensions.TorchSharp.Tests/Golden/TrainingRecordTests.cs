using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Tests.Golden;

/// <summary>Small networks as PyTorch exports them: logits, gradients, five training steps and BatchNorm statistics are PyTorch's.</summary>
public class TrainingRecordTests
{
    private const int BatchSize = 8, Classes = 10;

    public static TheoryData<string> Networks =>
    [
        "convnext_tiny", "dense_tiny", "mobile_tiny", "resnet_tiny", "row_gru", "row_lstm", "row_lstm_bi", "row_rnn", "seed_cnn", "tied", "vit_tiny",
    ];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Forward_pass_agrees(string network)
    {
        using var record = new Npz(SharedData.Require("golden", "training", $"{network}.npz"));
        using ITrainingSession session = CreateSession(network);
        AssertClose(record.Singles("eval_logits"), Batches.Predict(session, Batch(record, 0), Classes), 1e-4f, "eval_logits");
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Gradients_agree(string network)
    {
        using var record = new Npz(SharedData.Require("golden", "training", $"{network}.npz"));
        using TorchSharpSession session = CreateSession(network);
        (float loss, float[] logits, IReadOnlyDictionary<string, OnnxTensor> gradients) = session.ComputeGradients(Batch(record, 0));

        Assert.Equal(record.Singles("losses")[0], loss, 1e-4f);
        AssertClose(record.Singles("train_logits"), logits, 1e-4f, "train_logits");
        string[] recorded = [.. record.Names.Where(n => n.StartsWith("grad/", StringComparison.Ordinal)).Select(n => n[5..])];
        Assert.Equal(recorded.Order(), gradients.Keys.Order());
        foreach (string name in recorded)
            AssertClose(record.Singles($"grad/{name}"), gradients[name].ToFloats(), 1e-3f, $"gradient of {name}");
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Five_steps_agree(string network)
    {
        using var record = new Npz(SharedData.Require("golden", "training", $"{network}.npz"));
        using TorchSharpSession session = CreateSession(network);
        float[] losses = record.Singles("losses");
        for (int step = 0; step < losses.Length; step++)
            Assert.Equal(losses[step], session.Step(Batch(record, step), 0.05f), 1e-3f * losses[step]);

        IReadOnlyDictionary<string, OnnxTensor> weights = session.ReadWeights();
        string[] recorded = [.. record.Names.Where(n => n.StartsWith("final/", StringComparison.Ordinal)).Select(n => n[6..])];
        Assert.Equal(recorded.Order(), weights.Keys.Order());
        foreach (string name in recorded)
            AssertClose(record.Singles($"final/{name}"), weights[name].ToFloats(), 1e-3f, name);
        AssertClose(record.Singles("final_eval_logits"), Batches.Predict(session, Batch(record, 0), Classes), 1e-3f, "final_eval_logits");
    }

    private static TorchSharpSession CreateSession(string network)
    {
        OnnxGraph graph = OnnxGraph.Load(SharedData.Require("golden", "training", $"{network}.onnx"));
        return (TorchSharpSession)new TorchSharpRuntime().CreateSession(graph, new TrainingSessionOptions
        {
            Optimizer = new Sgd { Momentum = 0.9f, WeightDecay = 5e-4f },
            Precision = TrainingPrecision.Float32,
        });
    }

    private static TrainingBatch Batch(Npz record, int index)
    {
        const int size = BatchSize * 3 * 32 * 32;
        int[] labels = [.. record.Integers("y").Skip(index * BatchSize).Take(BatchSize).Select(l => (int)l)];
        return Batches.Create(record.Singles("x").AsMemory(index * size, size), labels, Classes);
    }

    /// <summary>Compares within a share of the record's largest value.</summary>
    private static void AssertClose(float[] expected, float[] actual, float tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        float largest = expected.Max(Math.Abs), worst = 0;
        for (int i = 0; i < expected.Length; i++)
            worst = Math.Max(worst, float.IsNaN(actual[i]) ? float.PositiveInfinity : Math.Abs(expected[i] - actual[i]));
        Assert.True(worst <= tolerance * largest + 1e-7f, $"{what}: off by {worst}, largest value {largest}");
    }
}
