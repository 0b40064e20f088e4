using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TrainingContract.Networks;

public class ReadyNetworkTrainingTests
{
    private const int Classes = 4,
        Rows = 6;

    [Fact]
    public void Fixed_weights_stay()
    {
        float[] images = [.. Batches.Random(5, 8, 3 * 16 * 16, Classes).Inputs[0].Span];
        OnnxGraph graph = new CifarNet
        {
            Widths = [8, 8],
            Whitening = MLNetExtensions.Onnx.Networks.Initializers.PatchWhitening.Of(images, 3, 16, 16),
        }.Build(Classes, 3, 16, 16);
        using ITrainingSession session = RuntimeUnderTest.CreateSession(
            graph,
            new TrainingSessionOptions
            {
                Optimizer = new AdamW(),
                Precision = TrainingPrecision.Float32,
                Threads = 1,
            }
        );
        TrainingBatch batch = Batches.Random(2, Rows, 3 * 16 * 16, Classes);
        float first = session.Step(batch, 0.01f),
            last = first;
        for (int i = 0; i < 10; i++)
            last = session.Step(batch, 0.01f);
        Assert.True(last < 0.8f * first, $"loss {first} -> {last}");
        IReadOnlyDictionary<string, OnnxTensor> weights = session.ReadWeights();
        Assert.DoesNotContain("whiten.weight", weights.Keys);
        Assert.DoesNotContain("stage1.norm1.weight", weights.Keys);
        Assert.NotEqual(graph.Initializers["whiten.bias"].ToFloats(), weights["whiten.bias"].ToFloats());
    }

    public static TheoryData<Network, int> Small =>
        new()
        {
            { new SeedCnn(), 32 },
            { new LeNet5(), 28 },
            { new Vgg(11), 32 },
            { new ResNet(18), 16 },
            { new ResNet(50), 16 },
            {
                new ResNet9 { Width = 8 },
                16
            },
            {
                new CifarNet { Widths = [8, 16, 16] },
                16
            },
            { new MobileNetV2(0.25f), 32 },
            {
                new ConvNeXt
                {
                    Widths = [8, 16],
                    Depths = [1, 1],
                    StochasticDepth = 0.1f,
                },
                16
            },
            {
                new VisionTransformer
                {
                    Features = 24,
                    Blocks = 2,
                    Dropout = 0.1f,
                    StochasticDepth = 0.1f,
                },
                16
            },
            {
                new RowLstm(16) { Layers = 2, Bidirectional = true },
                16
            },
        };

    [Theory]
    [MemberData(nameof(Small))]
    public void Trains_and_scores_alike_in_onnx_runtime(Network network, int size)
    {
        OnnxGraph graph = network.Build(Classes, 3, size, size, seed: 1);
        TrainingBatch batch = Batches.Random(2, Rows, 3 * size * size, Classes);
        using ITrainingSession session = RuntimeUnderTest.CreateSession(
            graph,
            new TrainingSessionOptions
            {
                Optimizer = new Adam(),
                Precision = TrainingPrecision.Float32,
                Threads = 1,
            }
        );
        (float first, _, IReadOnlyDictionary<string, OnnxTensor> gradients) = session.ComputeGradients(batch);
        Assert.All(gradients, g => Assert.True(g.Value.ToFloats().Any(v => v != 0), $"no gradient reaches {g.Key}"));
        // CifarNet's answer is scaled by a ninth.
        float last = first,
            rate = network is CifarNet ? 0.03f : 0.002f;
        for (int i = 0; i < 12; i++)
            last = session.Step(batch, rate);
        Assert.True(last < 0.9f * first, $"loss {first} -> {last}");

        float[] expected = Batches.Predict(session, batch, Classes);
        using var scorer = new InferenceSession(graph.WithWeights(session.ReadWeights()).ToBytes());
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(batch.Inputs[0].ToArray(), [Rows, 3, size, size]);
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = scorer.Run(
            run,
            new Dictionary<string, OrtValue> { ["input"] = input },
            ["logits"]
        );
        float[] actual = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        float scale = Math.Max(1, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 2e-3f * scale);
    }
}
