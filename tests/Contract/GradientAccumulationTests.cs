using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TrainingContract;

public class GradientAccumulationTests
{
    private static readonly float[] ClassWeights = [1, 2, 3, 4];

    [Fact]
    public void Steps_of_any_size_make_the_update_of_one_batch()
    {
        using ITrainingSession whole = SmallNetwork.CreateSession(Options(1));
        using ITrainingSession parts = SmallNetwork.CreateSession(Options(3));
        IReadOnlyDictionary<string, OnnxTensor> before = parts.ReadWeights();
        for (int update = 0; update < 2; update++)
        {
            double sum = 0,
                weight = 0;
            foreach (Range rows in new[] { ..3, 3..7, 7..12 })
            {
                if (update == 0)
                    Assert.Equal(before["fc.weight"].ToFloats(), parts.ReadWeights()["fc.weight"].ToFloats());
                TrainingBatch part = Batch(rows);
                sum += part.TargetWeight * parts.Step(part, 0.01f);
                weight += part.TargetWeight;
            }
            Assert.Equal(whole.Step(Batch(..12), 0.01f), sum / weight, 1e-5);
        }
        IReadOnlyDictionary<string, OnnxTensor> expected = whole.ReadWeights();
        foreach ((string name, OnnxTensor value) in parts.ReadWeights())
            Assert.Equal(expected[name].ToFloats(), value.ToFloats(), (a, b) => Math.Abs(a - b) < 1e-4f);
        Assert.Equal([2], parts.ReadState()["steps"].ToInt64s());
    }

    [Fact]
    public void A_loss_that_is_not_finite_does_not_count()
    {
        using ITrainingSession clean = SmallNetwork.CreateSession(Options(2));
        using ITrainingSession session = SmallNetwork.CreateSession(Options(2));
        clean.Step(Batch(..4), 0.1f);
        session.Step(Batch(..4), 0.1f);
        var broken = new float[4 * SmallNetwork.RowSize];
        broken[0] = float.NaN;
        Assert.True(float.IsNaN(session.Step(Batches.Create(broken, new int[4], SmallNetwork.Classes), 0.1f)));
        clean.Step(Batch(4..8), 0.1f);
        session.Step(Batch(4..8), 0.1f);
        Assert.Equal(clean.ReadWeights()["fc.weight"].ToFloats(), session.ReadWeights()["fc.weight"].ToFloats());
    }

    [Fact]
    public void No_steps_for_an_update_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            SmallNetwork.CreateSession(new TrainingSessionOptions { GradientAccumulation = 0 })
        );

    private static TrainingSessionOptions Options(int steps) =>
        new()
        {
            Optimizer = new Adam(),
            GradientAccumulation = steps,
            ClipGradientNorm = 0.5f,
            BatchNorm = BatchNormMode.Inference,
            Loss = new CrossEntropy(0.1f, ClassWeights),
        };

    /// <summary>Some rows of one batch of twelve.</summary>
    private static TrainingBatch Batch(Range rows)
    {
        TrainingBatch all = Batches.Random(1, 12, SmallNetwork.RowSize, SmallNetwork.Classes);
        (int start, int count) = rows.GetOffsetAndLength(12);
        int[] labels = [.. Enumerable.Range(start, count).Select(i => i % SmallNetwork.Classes)];
        float[] targets = new float[count * SmallNetwork.Classes];
        float weight = new CrossEntropy(0.1f, ClassWeights).Encode(labels, SmallNetwork.Classes, targets);
        return new TrainingBatch
        {
            Count = count,
            Inputs = [all.Inputs[0].Slice(start * SmallNetwork.RowSize, count * SmallNetwork.RowSize)],
            Targets = targets,
            TargetWeight = weight,
        };
    }
}
