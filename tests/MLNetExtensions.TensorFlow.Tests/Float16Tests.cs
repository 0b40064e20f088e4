using MLNetExtensions.Onnx;
using MLNetExtensions.TorchSharp;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Tests;

/// <summary>16-bit floats, whose range is small: the loss is scaled, and a step whose gradients overflow is left out.</summary>
public sealed class Float16Tests
{
    private readonly ITrainingRuntime _runtime;

    public Float16Tests()
    {
        _runtime = TensorFlowRuntime.Create();
    }

    [Fact]
    public void It_trains_nearly_as_well()
    {
        using ITrainingSession half = Create(TrainingPrecision.Float16),
            whole = Create(TrainingPrecision.Float32);
        TrainingBatch batch = Batch(0);
        float[] losses = [.. Enumerable.Range(0, 50).Select(_ => half.Step(batch, 1e-2f))],
            expected = [.. Enumerable.Range(0, 50).Select(_ => whole.Step(batch, 1e-2f))];

        Assert.Equal(TrainingPrecision.Float16, half.Precision);
        Assert.All(expected.Zip(losses), pair => Assert.Equal(pair.First, pair.Second, 0.05f));
        Assert.True(losses[^1] < losses[0] - 0.1f, $"{losses[0]} to {losses[^1]}");
        Assert.Equal([32768, 50], Scale(half));
    }

    // Divided by so little, the gradients of the answers exceed 65,504 once they are multiplied by the scale; the loss itself is far from
    // that.
    [Fact]
    public void Steps_whose_gradients_overflow_are_left_out_until_the_scale_fits()
    {
        using ITrainingSession session = Create(TrainingPrecision.Float16);
        TrainingBatch batch = Batch(0),
            steep =
                new()
                {
                    Count = batch.Count,
                    Inputs = batch.Inputs,
                    Targets = batch.Targets,
                    TargetWeight = 0.05f,
                };
        IReadOnlyDictionary<string, OnnxTensor> before = session.ReadWeights();

        Assert.True(float.IsFinite(session.Step(steep, 1e-3f)));

        AssertEqual(before, session.ReadWeights());
        Assert.Equal([16384, 0], Scale(session));
        int left = 1;
        for (; left < 16 && Scale(session) is [_, 0]; left++)
            session.Step(steep, 1e-3f);
        Assert.InRange(left, 3, 15);
        Assert.NotEqual(before.First().Value.ToFloats(), session.ReadWeights()[before.First().Key].ToFloats());
    }

    [Fact]
    public void The_scale_goes_on_from_a_checkpoint()
    {
        using ITrainingSession first = Create(TrainingPrecision.Float16),
            second = Create(TrainingPrecision.Float16),
            whole = Create(TrainingPrecision.Float32);
        TrainingBatch batch = Batch(0);
        first.Step(
            new()
            {
                Count = batch.Count,
                Inputs = batch.Inputs,
                Targets = batch.Targets,
                TargetWeight = 0.05f,
            },
            1e-3f
        );
        first.Step(batch, 1e-3f);
        foreach (ITrainingSession session in (ITrainingSession[])[second, whole])
        {
            session.WriteWeights(first.ReadWeights());
            session.WriteState(first.ReadState());
        }

        Assert.Equal([16384, 1], Scale(first));
        Assert.Equal([16384, 1], Scale(second));
        Assert.Equal(first.Step(batch, 1e-3f), second.Step(batch, 1e-3f), 1e-4f);
        // A session in 32 bits takes the rest of the state and has no use for the scale.
        Assert.DoesNotContain("loss_scale", whole.ReadState().Keys);
        var damaged = new Dictionary<string, OnnxTensor>(first.ReadState())
        {
            ["loss_scale"] = OnnxTensor.FromFloats("loss_scale", [2], [0, 0]),
        };
        Assert.Contains("loss_scale", Assert.Throws<ArgumentException>(() => second.WriteState(damaged)).Message);
    }

    [Fact]
    public void The_other_runtime_refuses_it()
    {
        string message = Assert.Throws<NotSupportedException>(() => Create(TrainingPrecision.Float16, new TorchSharpRuntime())).Message;
        Assert.Contains("Float32 and BFloat16", message);
    }

    private ITrainingSession Create(TrainingPrecision precision, ITrainingRuntime? runtime = null) =>
        (runtime ?? _runtime).CreateSession(
            SmallNetwork.Create(),
            new TrainingSessionOptions { Optimizer = new Adam(), Precision = precision }
        );

    private static float[] Scale(ITrainingSession session) => session.ReadState()["loss_scale"].ToFloats();

    private static TrainingBatch Batch(int seed) => Batches.Random(seed % 5, 32, SmallNetwork.RowSize, SmallNetwork.Classes);

    private static void AssertEqual(IReadOnlyDictionary<string, OnnxTensor> expected, IReadOnlyDictionary<string, OnnxTensor> actual) =>
        Assert.All(expected, e => Assert.Equal(e.Value.ToFloats(), actual[e.Key].ToFloats()));
}
