using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.TrainingContract.Losses;

namespace MLNetExtensions.TorchSharp.Tests;

/// <summary>What is libtorch's own in a session: its tensors and its generator. The rest is in tests/Contract.</summary>
public class TorchSharpSessionTests
{
    private const int Classes = SmallNetwork.Classes,
        RowSize = SmallNetwork.RowSize;

    [Fact]
    public void Nothing_leaks()
    {
        using ITrainingSession session = CreateSession(
            new TrainingSessionOptions
            {
                Optimizer = new Lookahead(new Muon()),
                ClipGradientNorm = 1,
                ClipGradientValue = 1,
                L1 = 1e-5f,
                GradientAccumulation = 2,
                WeightAveraging = new ExponentialMovingAverage(),
            },
            dropout: true
        );
        TrainingBatch batch = Batches.Random(1, 8, RowSize, Classes);
        session.Step(batch, 0.01f);
        Batches.Predict(session, batch, Classes);
        LifetimeStatistics tensors = DisposeScopeManager.Statistics.TensorStatistics;
        long before = tensors.ThreadTotalLiveCount;
        for (int i = 0; i < 100; i++)
            session.Step(batch, 0.01f);
        Assert.Equal(before, tensors.ThreadTotalLiveCount);
        for (int i = 0; i < 1000; i++)
            Batches.Predict(session, batch, Classes);
        Assert.Equal(before, tensors.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_step_that_is_broken_off_changes_and_leaks_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        using ITrainingSession session = CreateSession(
            new TrainingSessionOptions { CancellationToken = cancellation.Token },
            dropout: true
        );
        TrainingBatch batch = Batches.Random(1, 8, RowSize, Classes);
        session.Step(batch, 0.01f);
        float[] predicted = Batches.Predict(session, batch, Classes);
        Dictionary<string, float[]> before = Weights();
        LifetimeStatistics tensors = DisposeScopeManager.Statistics.TensorStatistics;
        long live = tensors.ThreadTotalLiveCount;

        cancellation.Cancel();

        Assert.Throws<OperationCanceledException>(() => session.Step(batch, 0.01f));
        Assert.Equal(live, tensors.ThreadTotalLiveCount);
        Assert.Equal(before, Weights());
        // What is evaluated then is not broken off.
        Assert.Equal(predicted, Batches.Predict(session, batch, Classes));

        Dictionary<string, float[]> Weights() => session.ReadWeights().ToDictionary(w => w.Key, w => w.Value.Span<float>().ToArray());
    }

    [Fact]
    public void The_graph_of_a_loss_leaks_nothing()
    {
        LifetimeStatistics tensors = DisposeScopeManager.Statistics.TensorStatistics;
        var loss = new OnnxLoss(LossGraphs.Focal(2));
        new TorchSharpRuntime().CreateSession(SmallNetwork.Create(), new TrainingSessionOptions { Loss = loss }).Dispose();
        long before = tensors.ThreadTotalLiveCount;
        using (ITrainingSession session = CreateSession(new TrainingSessionOptions { Loss = loss }))
        {
            TrainingBatch batch = Batch(8);
            session.Step(batch, 0.01f);
            long during = tensors.ThreadTotalLiveCount;
            for (int i = 0; i < 100; i++)
                session.Step(batch, 0.01f);
            Assert.Equal(during, tensors.ThreadTotalLiveCount);
            session.Step(Batch(3), 0.01f);
        }
        Assert.Equal(before, tensors.ThreadTotalLiveCount);

        static TrainingBatch Batch(int rows) =>
            new()
            {
                Count = rows,
                Inputs = Batches.Random(1, rows, RowSize, Classes).Inputs,
                Targets = Enumerable.Repeat(1f, rows * (Classes + 1)).ToArray(),
                TargetWeight = rows,
            };
    }

    [Fact]
    public void A_disposed_session_leaves_no_tensor()
    {
        using (CreateSession(new TrainingSessionOptions())) { }
        LifetimeStatistics tensors = DisposeScopeManager.Statistics.TensorStatistics;
        long before = tensors.ThreadTotalLiveCount;
        using (ITrainingSession session = CreateSession(new TrainingSessionOptions { Optimizer = new Adam() }, dropout: true))
        {
            session.Step(Batches.Random(1, 8, RowSize, Classes), 0.01f);
            session.Step(Batches.Random(1, 3, RowSize, Classes), 0.01f);
        }
        Assert.Equal(before, tensors.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_state_of_another_generator_is_refused_whole()
    {
        using ITrainingSession session = CreateSession(new TrainingSessionOptions { Optimizer = new Adam() });
        session.Step(Batches.Random(1, 8, RowSize, Classes), 0.05f);
        Dictionary<string, OnnxTensor> state = session.ReadState().ToDictionary();
        state["random"] = OnnxTensor.FromArray("random", OnnxElementType.UInt8, [state["random"].Count], new byte[state["random"].Count]);
        using ITrainingSession other = CreateSession(new TrainingSessionOptions { Optimizer = new Adam() });
        Assert.Contains("'random'", Assert.Throws<ArgumentException>(() => other.WriteState(state)).Message);
        Assert.Equal([0], other.ReadState()["steps"].ToInt64s());
        Assert.All(other.ReadState()["mean/fc.weight"].ToFloats(), value => Assert.Equal(0, value));
    }

    private static ITrainingSession CreateSession(TrainingSessionOptions options, bool dropout = false) =>
        SmallNetwork.CreateSession(options, dropout);
}
