using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Tests;

/// <summary>More batch sizes than a session's graph takes: it moves into a new graph, which nothing may show.</summary>
public sealed class ManyBatchSizesTests
{
    private const int Sizes = 20;

    public static TheoryData<Optimizer> Rules => [new Sgd(), new Adam(), new Lookahead(new Sgd { Momentum = 0.9f }, 3)];

    /// <summary>A session for each step, so that none ever moves, against one that moves twice.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void Weights_state_and_draws_go_on_exactly(Optimizer rule)
    {
        using ITrainingSession one = SmallNetwork.CreateSession(Options(rule), dropout: true);
        IReadOnlyDictionary<string, OnnxTensor> weights = one.ReadWeights(),
            state = one.ReadState();
        for (int size = 1; size <= Sizes; size++)
        {
            TrainingBatch batch = Batch(size);
            float loss = one.Step(batch, 0.05f);

            using ITrainingSession fresh = SmallNetwork.CreateSession(Options(rule), dropout: true);
            fresh.WriteWeights(weights);
            fresh.WriteState(state);
            Assert.Equal(fresh.Step(batch, 0.05f), loss);
            (weights, state) = (fresh.ReadWeights(), fresh.ReadState());
            AssertEqual(weights, one.ReadWeights());
            AssertEqual(state, one.ReadState());
        }
    }

    [Fact]
    public void Averages_sums_and_masks_go_on_exactly()
    {
        using ITrainingSession moves = Create(),
            stays = Create();
        TrainingBatch batch = Batch(4);
        for (int i = 1; i <= 5; i++)
        {
            Assert.Equal(stays.Step(batch, 0.05f), moves.Step(batch, 0.05f));
            // Predictions of new sizes change nothing but the graph.
            for (int size = 10; size < 20; size++)
                Batches.Predict(moves, Batch(size), SmallNetwork.Classes);
        }
        AssertEqual(stays.ReadWeights(), moves.ReadWeights());
        AssertEqual(stays.ReadState(), moves.ReadState());
        Assert.Equal(0, moves.ReadWeights()["fc.weight"].ToFloats()[0]);

        static ITrainingSession Create()
        {
            TrainingSessionOptions options = Options(new Adam());
            (options.WeightAveraging, options.GradientAccumulation) = (new ExponentialMovingAverage(), 2);
            ITrainingSession session = SmallNetwork.CreateSession(options);
            float[] mask = [.. Enumerable.Repeat(1f, SmallNetwork.Classes * 8)];
            mask[0] = 0;
            ((IMaskedSession)session).SetMasks(
                new Dictionary<string, OnnxTensor> { ["fc.weight"] = OnnxTensor.FromFloats("fc.weight", [SmallNetwork.Classes, 8], mask) }
            );
            return session;
        }
    }

    // One thread: sums are then in one order.
    private static TrainingSessionOptions Options(Optimizer rule) =>
        new()
        {
            Optimizer = rule,
            Threads = 1,
            Seed = 5,
        };

    private static TrainingBatch Batch(int rows) => Batches.Random(rows, rows, SmallNetwork.RowSize, SmallNetwork.Classes);

    private static void AssertEqual(IReadOnlyDictionary<string, OnnxTensor> expected, IReadOnlyDictionary<string, OnnxTensor> actual)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, e => Assert.True(e.Value.RawData.Span.SequenceEqual(actual[e.Key].RawData.Span), e.Key));
    }
}
