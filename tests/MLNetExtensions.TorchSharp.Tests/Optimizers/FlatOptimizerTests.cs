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
        { "rmsprop", new RmsProp(), 0.01f },
        { "rmsprop_centered_momentum", new RmsProp { Centered = true, Momentum = 0.9f }, 0.01f },
        { "adagrad", new Adagrad(), 0.1f },
        { "adadelta", new Adadelta(), 1 },
        { "adamax", new Adamax(), 0.01f },
        { "nadam", new NAdam(), 0.01f },
        { "radam", new RAdam(), 0.01f },
        { "lamb", new Lamb(), 0.02f },
        { "lamb_wd", new Lamb { WeightDecay = 0.1f }, 0.02f },
        { "lion_wd", new Lion { WeightDecay = 0.1f }, 0.005f },
    };

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Twelve_steps_are_those_of_PyTorch(string name, Optimizer rule, float rate)
    {
        using var record = new Npz(SharedData.Require("golden", "optimizers.npz"));
        Assert.True(record.Contains($"{name}/W"));
        using ParameterStore store = Store(
            rule, OnnxTensor.FromFloats("W", [6, 5], record.Singles("W0")), OnnxTensor.FromFloats("b", [5], record.Singles("b0")));
        using var optimizer = new FlatOptimizer(rule, store);
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
        var rule = new Sgd { WeightDecay = 0.1f };
        using ParameterStore store = Store(rule, scales, OnnxTensor.FromFloats("a", [2], [1, 2]), OnnxTensor.FromFloats("b", [2], [1, 2]),
            OnnxTensor.FromFloats("c", [1], [4]));
        using var optimizer = new FlatOptimizer(rule, store);
        SetGradient(store, "a", [1, 1]);
        SetGradient(store, "b", [1, 1]);
        SetGradient(store, "c", [0]);
        optimizer.Step(0.1f);
        AssertClose([1 - 0.11f, 2 - 0.12f], store.Read("a").ToFloats(), "a");
        AssertClose([0.95f, 1.95f], store.Read("b").ToFloats(), "b");
        AssertClose([4 - 0.04f], store.Read("c").ToFloats(), "c");
    }

    [Fact]
    public void Muon_orthogonalises_matrices_and_leaves_the_rest_to_the_other_rule()
    {
        using var record = new Npz(SharedData.Require("golden", "optimizers.npz"));
        var rule = new Muon { WeightDecay = 0.1f, Parameters = ["W"], Other = new Sgd { Momentum = 0.9f }, OtherRate = 5 };
        using ParameterStore store = Store(
            rule, OnnxTensor.FromFloats("W", [6, 5], record.Singles("W0")), OnnxTensor.FromFloats("b", [5], record.Singles("b0")));
        using var optimizer = new FlatOptimizer(rule, store);
        float[] gradientW = record.Singles("gradW"), gradientB = record.Singles("gradb"), expectedB = record.Singles("sgd_momentum/b");
        for (int step = 0; step < 12; step++)
        {
            SetGradient(store, "W", gradientW[(step * 30)..((step + 1) * 30)]);
            SetGradient(store, "b", gradientB[(step * 5)..((step + 1) * 5)]);
            optimizer.Step(0.02f);
            AssertClose(expectedB.AsSpan(step * 5, 5), store.Read("b").ToFloats(), $"step {step}, b");
        }
        // By the author's zeropower_via_newtonschulz5 in 64 bits.
        AssertClose(
            [
                2.05036f, -2.43549f, 0.29692f, -0.43889f, -0.42408f, -0.26289f, -1.97326f, -0.1998f, -0.77142f, 3.173f, 0.2528f, -0.45012f, -0.35988f, -0.67355f, -1.09625f,
                -0.47505f, 0.47675f, -0.32074f, 0.91048f, -0.21432f, 0.0722f, 1.63296f, 0.53033f, -0.53821f, -0.20809f, 0.57601f, 1.90095f, -0.30295f, -0.2721f, 1.0718f,
            ],
            store.Read("W").ToFloats(), "W");
    }

    [Theory]
    [InlineData(3, 40)]
    [InlineData(40, 3)]
    [InlineData(8, 8)]
    public void Orthogonalised_matrices_have_singular_values_near_one(int rows, int columns)
    {
        using IDisposable scope = torch.NewDisposeScope();
        Tensor matrix = torch.tensor(Batches.Weight(new Random(1), "w", rows, columns).ToFloats(), [rows, columns]);
        float[] singular = torch.linalg.svdvals(MuonUpdate.Orthogonalise(matrix, 5)).data<float>().ToArray();
        Assert.All(singular, value => Assert.InRange(value, 0.6f, 1.25f));
    }

    [Fact]
    public void Lookahead_moves_slow_weights_half_of_the_way()
    {
        var rule = new Lookahead(new Sgd(), Every: 2);
        using ParameterStore store = Store(rule, OnnxTensor.FromFloats("a", [1], [1]));
        using var optimizer = new FlatOptimizer(rule, store);
        var values = new List<float>();
        for (int i = 0; i < 5; i++)
        {
            SetGradient(store, "a", [1]);
            optimizer.Step(0.1f);
            values.Add(store.Read("a").ToFloats()[0]);
        }
        // 1 -> 0.9 -> 0.8, half of the way from 1: 0.9 -> 0.8 -> 0.7, half of the way from 0.9: 0.8 -> 0.7.
        AssertClose([0.9f, 0.9f, 0.8f, 0.8f, 0.7f], [.. values], "a");
    }

    [Fact]
    public void An_unknown_rule_is_named()
    {
        using ParameterStore store = Store(new OtherRule(), OnnxTensor.FromFloats("a", [1], [1]));
        Assert.Contains(nameof(OtherRule), Assert.Throws<NotSupportedException>(() => new FlatOptimizer(new OtherRule(), store)).Message);
    }

    private sealed record OtherRule : Optimizer
    {
        public override IReadOnlyList<string> Slots => [];
    }

    private static ParameterStore Store(Optimizer rule, params OnnxTensor[] parameters) => Store(rule, new Dictionary<string, ParameterScale>(), parameters);

    private static ParameterStore Store(Optimizer rule, Dictionary<string, ParameterScale> scales, params OnnxTensor[] parameters) =>
        new(parameters, [], ParameterRules.Assign(rule, scales, parameters, []), torch.CPU);

    internal static void SetGradient(ParameterStore store, string name, float[] values)
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
