using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

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
