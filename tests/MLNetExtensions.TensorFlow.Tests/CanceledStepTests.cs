using MLNetExtensions.Onnx;
using MLNetExtensions.Training;

namespace MLNetExtensions.TensorFlow.Tests;

/// <summary>Steps that a token breaks off in the middle of TensorFlow's run.</summary>
public sealed class CanceledStepTests
{
    private const int Rows = 8,
        Channels = 32,
        Side = 48,
        Classes = 4;

    [Fact]
    public void A_step_that_is_broken_off_changes_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        using ITrainingSession session = CreateSession(cancellation.Token);
        TrainingBatch batch = Batches.Random(1, Rows, Channels * Side * Side, Classes);
        session.Step(batch, 0.01f);
        Dictionary<string, float[]> before = Weights(session);
        float[] predicted = Batches.Predict(session, batch, Classes);

        cancellation.Cancel();

        Assert.Throws<OperationCanceledException>(() => session.Step(batch, 0.01f));
        Assert.Equal(before, Weights(session));
        // What is evaluated then is not broken off.
        Assert.Equal(predicted, Batches.Predict(session, batch, Classes));
    }

    [Fact]
    public async Task It_ends_also_while_it_runs()
    {
        using var cancellation = new CancellationTokenSource();
        using ITrainingSession session = CreateSession(cancellation.Token);
        TrainingBatch batch = Batches.Random(1, Rows, Channels * Side * Side, Classes);
        session.Step(batch, 0.01f);
        Dictionary<string, float[]> last = Weights(session);
        using var running = new SemaphoreSlim(0);
        Task cancel = Task.Run(async () =>
        {
            await running.WaitAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(20));
            await cancellation.CancelAsync();
        });

        running.Release();
        Assert.Throws<OperationCanceledException>(StepWithoutEnd);

        await cancel;
        Assert.Equal(last, Weights(session));

        // Whichever step it meets.
        void StepWithoutEnd()
        {
            while (true)
            {
                last = Weights(session);
                session.Step(batch, 0.01f);
            }
        }
    }

    [Fact]
    public void The_places_change_no_value()
    {
        using var cancellation = new CancellationTokenSource();
        using ITrainingSession guarded = CreateSession(cancellation.Token),
            plain = CreateSession(default);
        TrainingBatch batch = Batches.Random(1, Rows, Channels * Side * Side, Classes);
        for (int i = 0; i < 3; i++)
            Assert.Equal(plain.Step(batch, 0.01f), guarded.Step(batch, 0.01f));
        Assert.Equal(Weights(plain), Weights(guarded));
    }

    private static Dictionary<string, float[]> Weights(ITrainingSession session) =>
        session.ReadWeights().ToDictionary(w => w.Key, w => w.Value.Span<float>().ToArray());

    /// <summary>Three convolutions of 170 million multiplications and a BatchNorm whose statistics move.</summary>
    private static ITrainingSession CreateSession(CancellationToken cancellation)
    {
        var graph = new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, Channels, Side, Side)],
            Outputs = [OnnxValue.Create("y", OnnxElementType.Float, -1, Classes)],
            Nodes =
            [
                Conv("x", "w1", "c1"),
                OnnxNode.Create("BatchNormalization", ["c1", "scale", "bias", "mean", "variance"], ["n1"]),
                OnnxNode.Create("Relu", ["n1"], ["r1"]),
                Conv("r1", "w2", "c2"),
                OnnxNode.Create("Relu", ["c2"], ["r2"]),
                Conv("r2", "w3", "c3"),
                OnnxNode.Create("GlobalAveragePool", ["c3"], ["p"]),
                OnnxNode.Create("Flatten", ["p"], ["f"]),
                OnnxNode.Create("MatMul", ["f", "v"], ["y"]),
            ],
            Initializers = new OrderedDictionary<string, OnnxTensor>(
                new[]
                {
                    Drawn("w1", Channels, Channels, 3, 3),
                    Drawn("w2", Channels, Channels, 3, 3),
                    Drawn("w3", Channels, Channels, 3, 3),
                    Drawn("v", Channels, Classes),
                    Constant("scale", 1),
                    Constant("bias", 0),
                    Constant("mean", 0),
                    Constant("variance", 1),
                }.Select(t => KeyValuePair.Create(t.Name, t))
            ),
        };
        return TensorFlowRuntime
            .Create()
            .CreateSession(
                graph,
                new TrainingSessionOptions
                {
                    Precision = TrainingPrecision.Float32,
                    Threads = 1,
                    BatchNorm = BatchNormMode.Train,
                    CancellationToken = cancellation,
                }
            );
    }

    private static OnnxNode Conv(string input, string weight, string output) =>
        OnnxNode.Create("Conv", [input, weight], [output], OnnxAttribute.Of("pads", 1L, 1L, 1L, 1L));

    private static OnnxTensor Drawn(string name, params long[] shape)
    {
        var random = new Random(name[^1]);
        long count = shape.Aggregate((a, b) => a * b);
        return OnnxTensor.FromFloats(name, shape, [.. Enumerable.Range(0, (int)count).Select(_ => (random.NextSingle() - 0.5f) / 8)]);
    }

    private static OnnxTensor Constant(string name, float value) =>
        OnnxTensor.FromFloats(name, [Channels], [.. Enumerable.Repeat(value, Channels)]);
}
