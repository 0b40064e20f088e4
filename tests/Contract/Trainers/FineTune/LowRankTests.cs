using MLNetExtensions.Onnx;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.FineTune.LowRank;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TrainingContract.Trainers.FineTune;

/// <summary>Low-rank adaptation in this runtime: layers of every kind are adapted, and folding changes no output.</summary>
public class LowRankTests
{
    private const int Outputs = 4,
        RowSize = 4 * 6 * 6;

    private static readonly string[] Weights = ["conv", "grouped", "pointwise", "gemm", "matmul"];

    [Fact]
    public void The_first_step_sees_the_plain_network()
    {
        OnnxGraph plain = Network();
        AdaptedNetwork adapted = Adapt(plain);
        Assert.Equal(10, adapted.Parameters.Count);
        TrainingBatch batch = Batches.Random(1, 5, RowSize, Outputs);
        Assert.Equal(Predict(plain, batch), Predict(adapted.Graph, batch));
    }

    [Fact]
    public void The_folded_network_answers_as_the_adapted_one()
    {
        OnnxGraph plain = Network();
        AdaptedNetwork adapted = Adapt(plain);
        using ITrainingSession session = CreateSession(adapted.Graph, adapted.Parameters);
        float first = session.Step(Batches.Random(0, 16, RowSize, Outputs), 0.01f),
            last = first;
        for (int i = 0; i < 30; i++)
            last = session.Step(Batches.Random(0, 16, RowSize, Outputs), 0.01f);
        Assert.True(last < 0.8 * first, $"{first} -> {last}");

        IReadOnlyDictionary<string, OnnxTensor> folded = adapted.Fold(session.ReadWeights());

        Assert.Equal(Weights.Order(), folded.Keys.Order());
        Assert.All(Weights, name => Assert.NotEqual(plain.Initializers[name].ToFloats(), folded[name].ToFloats()));
        TrainingBatch batch = Batches.Random(1, 5, RowSize, Outputs);
        Assert.Equal(
            Batches.Predict(session, batch, Outputs),
            Predict(plain.WithWeights(folded), batch),
            (a, b) => MathF.Abs(a - b) <= 1e-5f * MathF.Max(1, MathF.Abs(a))
        );
    }

    [Fact]
    public void A_change_has_at_most_the_rank()
    {
        OnnxGraph plain = Network();
        var adapted = new AdaptedNetwork(plain, new LowRankAdaptation(1), Weights, seed: 3);
        using ITrainingSession session = CreateSession(adapted.Graph, adapted.Parameters);
        for (int i = 0; i < 3; i++)
            session.Step(Batches.Random(i, 8, RowSize, Outputs), 0.01f);
        float[] before = plain.Initializers["gemm"].ToFloats(),
            after = adapted.Fold(session.ReadWeights())["gemm"].ToFloats();
        double[] change = [.. after.Zip(before, (a, b) => (double)a - b)];
        Assert.Contains(change, value => Math.Abs(value) > 1e-3);
        // All minors of two rows and two columns of a matrix of rank 1 are zero.
        for (int row = 1; row < 6; row++)
        for (int column = 1; column < 8; column++)
            Assert.InRange(change[0] * change[row * 8 + column] - change[column] * change[row * 8], -1e-7, 1e-7);
    }

    [Fact]
    public void A_rank_beyond_every_layer_is_refused()
    {
        string message = Assert
            .Throws<ArgumentException>(() => new AdaptedNetwork(Network(), new LowRankAdaptation(64), Weights, seed: 1))
            .Message;
        Assert.Contains("rank 64", message, StringComparison.Ordinal);
        Assert.Contains("Lower the rank", message, StringComparison.Ordinal);
    }

    private static AdaptedNetwork Adapt(OnnxGraph plain) => new(plain, new LowRankAdaptation(2) { Alpha = 4 }, Weights, seed: 3);

    private static float[] Predict(OnnxGraph graph, TrainingBatch batch)
    {
        using ITrainingSession session = CreateSession(graph, ["gemm"]);
        return Batches.Predict(session, batch, Outputs);
    }

    private static ITrainingSession CreateSession(OnnxGraph graph, IReadOnlyCollection<string> trained) =>
        RuntimeUnderTest.CreateSession(
            graph,
            new TrainingSessionOptions
            {
                TrainableParameters = [.. trained.Where(graph.Initializers.ContainsKey)],
                Optimizer = new Adam(),
                Precision = TrainingPrecision.Float32,
                Threads = 1,
            }
        );

    /// <summary>A convolution, one of two groups, one of a kernel of one, Gemm with the outputs first, and MatMul.</summary>
    private static OnnxGraph Network()
    {
        var random = new Random(3);
        OnnxTensor[] weights =
        [
            Batches.Weight(random, "conv", 8, 4, 3, 3),
            Batches.Weight(random, "grouped", 8, 4, 3, 3),
            Batches.Weight(random, "pointwise", 8, 8, 1, 1),
            Batches.Weight(random, "gemm", 6, 8),
            Batches.Weight(random, "matmul", 6, Outputs),
        ];
        return new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 4, 6, 6)],
            Outputs = [OnnxValue.Create("logits", OnnxElementType.Float, -1, Outputs)],
            Nodes =
            [
                OnnxNode.Create("Conv", ["x", "conv"], ["c1"], OnnxAttribute.Of("strides", 2L, 2), OnnxAttribute.Of("pads", 1L, 1, 1, 1)),
                OnnxNode.Create("Relu", ["c1"], ["r1"]),
                OnnxNode.Create("Conv", ["r1", "grouped"], ["c2"], OnnxAttribute.Of("group", 2), OnnxAttribute.Of("pads", 1L, 1, 1, 1)),
                OnnxNode.Create("Relu", ["c2"], ["r2"]),
                OnnxNode.Create("Conv", ["r2", "pointwise"], ["c3"]),
                OnnxNode.Create("GlobalAveragePool", ["c3"], ["pool"]),
                OnnxNode.Create("Flatten", ["pool"], ["flat"]),
                OnnxNode.Create("Gemm", ["flat", "gemm"], ["g"], OnnxAttribute.Of("transB", 1), OnnxAttribute.Of("alpha", 0.5f)),
                OnnxNode.Create("MatMul", ["g", "matmul"], ["logits"]),
            ],
            Initializers = weights.ToDictionary(w => w.Name),
        };
    }
}
