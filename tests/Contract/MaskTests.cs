using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TrainingContract;

public class MaskTests
{
    [Fact]
    public void Masks_hold_through_momentum_decay_and_averages()
    {
        OnnxGraph graph = SmallCnn.Create(3);
        using ITrainingSession session = RuntimeUnderTest.CreateSession(
            graph,
            new TrainingSessionOptions
            {
                Optimizer = new Sgd { Momentum = 0.9f, WeightDecay = 0.1f },
                Threads = 1,
                WeightAveraging = new ExponentialMovingAverage(0.5f),
                Precision = TrainingPrecision.Float32,
            }
        );
        TrainingBatch batch = Batches.Random(seed: 1, 4, 3 * 16 * 16, 3);
        session.Step(batch, 0.1f);
        float[] mask = [.. Enumerable.Range(0, 8 * 27).Select(i => i % 2 == 0 ? 1f : 0)];
        ((IMaskedSession)session).SetMasks(
            new Dictionary<string, OnnxTensor> { ["conv1.weight"] = OnnxTensor.FromFloats("conv1.weight", [8, 3, 3, 3], mask) }
        );
        for (int i = 0; i < 5; i++)
        {
            Check();
            session.Step(batch, 0.1f);
        }
        Check();
        ((IMaskedSession)session).SetMasks(new Dictionary<string, OnnxTensor>());
        session.Step(batch, 0.1f);
        Assert.DoesNotContain(session.ReadWeights()["conv1.weight"].ToFloats(), w => w == 0);

        void Check()
        {
            float[] weights = session.ReadWeights()["conv1.weight"].ToFloats();
            for (int i = 0; i < weights.Length; i++)
                Assert.Equal(mask[i] == 0, weights[i] == 0);
        }
    }

    [Fact]
    public void Masks_of_other_names_or_shapes_are_errors()
    {
        using ITrainingSession session = RuntimeUnderTest.CreateSession(SmallCnn.Create(3), new TrainingSessionOptions { Threads = 1 });
        var masked = (IMaskedSession)session;
        Assert.Throws<ArgumentException>(() =>
            masked.SetMasks(new Dictionary<string, OnnxTensor> { ["other"] = OnnxTensor.FromFloats("other", [1], [1]) })
        );
        Assert.Throws<ArgumentException>(() =>
            masked.SetMasks(new Dictionary<string, OnnxTensor> { ["fc.bias"] = OnnxTensor.FromFloats("fc.bias", [1], [1]) })
        );
        Assert.Throws<ArgumentException>(() =>
            masked.SetMasks(new Dictionary<string, OnnxTensor> { ["bn1.mean"] = OnnxTensor.FromFloats("bn1.mean", [8], new float[8]) })
        );
    }
}
