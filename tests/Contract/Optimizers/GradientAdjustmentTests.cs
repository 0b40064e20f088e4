using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TrainingContract.Optimizers;

public class GradientAdjustmentTests
{
    [Fact]
    public void Clipping_by_norm_is_that_of_PyTorch() => AssertRecorded("clip_norm_1", new TrainingSessionOptions { ClipGradientNorm = 1 });

    [Fact]
    public void Clipping_by_value_is_that_of_PyTorch() =>
        AssertRecorded("clip_value_0.5", new TrainingSessionOptions { ClipGradientValue = 0.5f });

    [Fact]
    public void A_small_norm_is_left_alone()
    {
        using GivenGradients session = Create(
            new TrainingSessionOptions { ClipGradientNorm = 0.6f },
            OnnxTensor.FromFloats("a", [2], [1, 1])
        );
        session.Step(0.1f, [0.3f, 0.4f]);
        Assert.Equal([0.3f, 0.4f], session.ReadGradient("a"));
    }

    [Fact]
    public void Penalties_are_those_of_sizes_and_squares()
    {
        using GivenGradients session = Create(
            new TrainingSessionOptions { L1 = 0.1f, L2 = 0.01f },
            OnnxTensor.FromFloats("a", [3], [2, -3, 0]),
            OnnxTensor.FromFloats("b", [1], [5])
        );
        session.Step(0.1f, [1, 1, 1], [1]);
        Assert.Equal([1 + 0.1f + 0.04f, 1 - 0.1f - 0.06f, 1], session.ReadGradient("a"), (x, y) => Math.Abs(x - y) < 1e-6f);
        Assert.Equal([1], session.ReadGradient("b"));
    }

    private static void AssertRecorded(string name, TrainingSessionOptions options)
    {
        using var record = new Npz(GoldenFiles.PathOf("optimizers.npz"));
        using GivenGradients session = Create(
            options,
            OnnxTensor.FromFloats("W", [6, 5], record.Singles("W0")),
            OnnxTensor.FromFloats("b", [5], record.Singles("b0"))
        );
        session.Step(0.1f, record.Singles("gradW")[..30], record.Singles("gradb")[..5]);
        Assert.Equal(record.Singles($"{name}/W"), session.ReadGradient("W"), (x, y) => Math.Abs(x - y) < 1e-6f);
        Assert.Equal(record.Singles($"{name}/b"), session.ReadGradient("b"), (x, y) => Math.Abs(x - y) < 1e-6f);
    }

    /// <summary>Without penalties for a parameter named b.</summary>
    private static GivenGradients Create(TrainingSessionOptions options, params OnnxTensor[] parameters)
    {
        options.Optimizer = new Sgd();
        if (parameters.Any(p => p.Name == "b"))
            options.ParameterGroups = new Dictionary<string, ParameterGroup> { ["b"] = new(1, 0) };
        return new GivenGradients(options, parameters);
    }
}
