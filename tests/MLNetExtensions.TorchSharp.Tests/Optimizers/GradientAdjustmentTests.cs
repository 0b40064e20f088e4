using MLNetExtensions.Onnx;
using MLNetExtensions.TorchSharp.Optimizers;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Tests.Optimizers;

public class GradientAdjustmentTests
{
    [Fact]
    public void Clipping_by_norm_is_that_of_PyTorch() => AssertRecorded("clip_norm_1", new TrainingSessionOptions { ClipGradientNorm = 1 });

    [Fact]
    public void Clipping_by_value_is_that_of_PyTorch() => AssertRecorded("clip_value_0.5", new TrainingSessionOptions { ClipGradientValue = 0.5f });

    [Fact]
    public void A_small_norm_is_left_alone()
    {
        using ParameterStore store = Store(OnnxTensor.FromFloats("a", [2], [1, 1]));
        FlatOptimizerTests.SetGradient(store, "a", [0.3f, 0.4f]);
        new GradientAdjustment(new TrainingSessionOptions { ClipGradientNorm = 0.6f }, store).Apply();
        Assert.Equal([0.3f, 0.4f], store.ReadGradient("a").ToFloats());
    }

    [Fact]
    public void Penalties_are_those_of_sizes_and_squares()
    {
        using ParameterStore store = Store(OnnxTensor.FromFloats("a", [3], [2, -3, 0]), OnnxTensor.FromFloats("b", [1], [5]));
        FlatOptimizerTests.SetGradient(store, "a", [1, 1, 1]);
        FlatOptimizerTests.SetGradient(store, "b", [1]);
        new GradientAdjustment(new TrainingSessionOptions { L1 = 0.1f, L2 = 0.01f }, store).Apply();
        Assert.Equal([1 + 0.1f + 0.04f, 1 - 0.1f - 0.06f, 1], store.ReadGradient("a").ToFloats(), (x, y) => Math.Abs(x - y) < 1e-6f);
        Assert.Equal([1], store.ReadGradient("b").ToFloats());
    }

    private static void AssertRecorded(string name, TrainingSessionOptions options)
    {
        using var record = new Npz(SharedData.Require("golden", "optimizers.npz"));
        using ParameterStore store = Store(OnnxTensor.FromFloats("W", [6, 5], record.Singles("W0")), OnnxTensor.FromFloats("b", [5], record.Singles("b0")));
        FlatOptimizerTests.SetGradient(store, "W", record.Singles("gradW")[..30]);
        FlatOptimizerTests.SetGradient(store, "b", record.Singles("gradb")[..5]);
        new GradientAdjustment(options, store).Apply();
        Assert.Equal(record.Singles($"{name}/W"), store.ReadGradient("W").ToFloats(), (x, y) => Math.Abs(x - y) < 1e-6f);
        Assert.Equal(record.Singles($"{name}/b"), store.ReadGradient("b").ToFloats(), (x, y) => Math.Abs(x - y) < 1e-6f);
    }

    private static ParameterStore Store(params OnnxTensor[] parameters)
    {
        var scales = new Dictionary<string, ParameterScale> { ["b"] = new(1, 0) };
        return new ParameterStore(parameters, [], ParameterRules.Assign(new Sgd(), scales, parameters, []), torch.CPU);
    }
}
