using MLNetExtensions.Onnx;
using MLNetExtensions.TorchSharp.Optimizers;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Tests.Optimizers;

public class FlatOptimizerTests
{
    public static TheoryData<string, Optimizer, float> Recorded => new()
    {
        { "sgd", new Sgd(), 0.1f },
        { "sgd_momentum", new Sgd { Momentum = 0.9f }, 0.1f },
        { "sgd_nesterov_wd", new Sgd { Momentum = 0.9f, Nesterov = true, WeightDecay = 0.01f }, 0.1f },
        { "sgd_dampening", new Sgd { Momentum = 0.9f, Dampening = 0.1f }, 0.1f },
        { "adam", new Adam(), 0.01f },
        { "adam_l2", new Adam { WeightDecay = 0.1f }, 0.01f },
        { "adam_amsgrad", new Adam { AmsGrad = true }, 0.01f },
        { "adamw", new AdamW { WeightDecay = 0.1f }, 0.01f },
        { "adamw_betas", new AdamW { Beta1 = 0.8f, Beta2 = 0.95f, Epsilon = 1e-6f, WeightDecay = 0.05f }, 0.01f },
    };

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Twelve_steps_are_those_of_PyTorch(string name, Optimizer rule, float rate)
    {
        using var record = new Npz(SharedData.Require("golden", "optimizers.npz"));
        Assert.True(record.Contains($"{name}/W"));
        using ParameterStore store = Store(
            OnnxTensor.FromFloats("W", [6, 5], record.Singles("W0")), OnnxTensor.FromFloats("b", [5], record.Singles("b0")));
        using FlatOptimizer optimizer = FlatOptimizer.Create(rule, store);
        float[] gradientW = record.Singles("gradW"), gradientB = record.Singles("gradb");
        float[] expectedW = record.Singles($"{name}/W"), expectedB = record.Singles($"{name}/b");
        for (int step = 0; step < 12; step++)
        {
            SetGradient(store, "W", gradientW[(step * 30)..((step + 1) * 30)]);
            SetGradient(store, "b", gradientB[(step * 5)..((step + 1) * 5)]);
            optimizer.Step(rate);
            AssertClose(expectedW.AsSpan(step * 30, 30), store.Read("W").ToFloats(), $"{name}, step {step}, W");
            AssertClose(expectedB.AsSpan(step * 5, 5), store.Read("b").ToFloats(), $"{name}, step {step}, b");
        }
    }

    [Fact]
    public void Multipliers_act_on_their_parameters_only()
    {
        var scales = new Dictionary<string, ParameterScale> { ["b"] = new(LearningRate: 0.5f, WeightDecay: 0) };
        using ParameterStore store = Store(scales, OnnxTensor.FromFloats("a", [2], [1, 2]), OnnxTensor.FromFloats("b", [2], [1, 2]),
            OnnxTensor.FromFloats("c", [1], [4]));
        using FlatOptimizer optimizer = FlatOptimizer.Create(new Sgd { WeightDecay = 0.1f }, store);
        SetGradient(store, "a", [1, 1]);
        SetGradient(store, "b", [1, 1]);
        SetGradient(store, "c", [0]);
        optimizer.Step(0.1f);
        AssertClose([1 - 0.11f, 2 - 0.12f], store.Read("a").ToFloats(), "a");
        AssertClose([0.95f, 1.95f], store.Read("b").ToFloats(), "b");
        AssertClose([4 - 0.04f], store.Read("c").ToFloats(), "c");
    }

    [Fact]
    public void An_unknown_rule_is_named()
    {
        using ParameterStore store = Store(OnnxTensor.FromFloats("a", [1], [1]));
        Assert.Contains(nameof(OtherRule), Assert.Throws<NotSupportedException>(() => FlatOptimizer.Create(new OtherRule(), store)).Message);
    }

    private sealed record OtherRule : Optimizer
    {
        public override IReadOnlyList<string> Slots => [];
    }

    private static ParameterStore Store(params OnnxTensor[] parameters) => Store(new Dictionary<string, ParameterScale>(), parameters);

    private static ParameterStore Store(Dictionary<string, ParameterScale> scales, params OnnxTensor[] parameters) =>
        new(parameters, [], scales, torch.CPU);

    private static void SetGradient(ParameterStore store, string name, float[] values)
    {
        using Tensor source = torch.tensor(values);
        using Tensor gradient = store.TensorOf(name).grad!;
        using Tensor flat = gradient.view(-1);
        flat.copy_(source);
    }

    private static void AssertClose(ReadOnlySpan<float> expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < actual.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-5 + 1e-5 * Math.Abs(expected[i]), $"{what}[{i}]: {actual[i]}, expected {expected[i]}");
    }
}
