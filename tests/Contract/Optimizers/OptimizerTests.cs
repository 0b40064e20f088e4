using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TrainingContract.Optimizers;

public class OptimizerTests
{
    public static TheoryData<string, Optimizer, float> Recorded =>
        new()
        {
            { "sgd", new Sgd(), 0.1f },
            {
                "sgd_momentum",
                new Sgd { Momentum = 0.9f },
                0.1f
            },
            {
                "sgd_nesterov_wd",
                new Sgd
                {
                    Momentum = 0.9f,
                    Nesterov = true,
                    WeightDecay = 0.01f,
                },
                0.1f
            },
            {
                "sgd_dampening",
                new Sgd { Momentum = 0.9f, Dampening = 0.1f },
                0.1f
            },
            { "adam", new Adam(), 0.01f },
            {
                "adam_l2",
                new Adam { WeightDecay = 0.1f },
                0.01f
            },
            {
                "adam_amsgrad",
                new Adam { AmsGrad = true },
                0.01f
            },
            {
                "adamw",
                new AdamW { WeightDecay = 0.1f },
                0.01f
            },
            {
                "adamw_betas",
                new AdamW
                {
                    Beta1 = 0.8f,
                    Beta2 = 0.95f,
                    Epsilon = 1e-6f,
                    WeightDecay = 0.05f,
                },
                0.01f
            },
            { "rmsprop", new RmsProp(), 0.01f },
            {
                "rmsprop_centered_momentum",
                new RmsProp { Centered = true, Momentum = 0.9f },
                0.01f
            },
            { "adagrad", new Adagrad(), 0.1f },
            { "adadelta", new Adadelta(), 1 },
            { "adamax", new Adamax(), 0.01f },
            { "nadam", new NAdam(), 0.01f },
            { "radam", new RAdam(), 0.01f },
            { "lamb", new Lamb(), 0.02f },
            {
                "lamb_wd",
                new Lamb { WeightDecay = 0.1f },
                0.02f
            },
            {
                "lion_wd",
                new Lion { WeightDecay = 0.1f },
                0.005f
            },
        };

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Twelve_steps_are_those_of_PyTorch(string name, Optimizer rule, float rate)
    {
        using var record = new Npz(GoldenFiles.PathOf("optimizers.npz"));
        Assert.True(record.Contains($"{name}/W"));
        using GivenGradients session = Create(
            rule,
            OnnxTensor.FromFloats("W", [6, 5], record.Singles("W0")),
            OnnxTensor.FromFloats("b", [5], record.Singles("b0"))
        );
        float[] gradientW = record.Singles("gradW"),
            gradientB = record.Singles("gradb");
        float[] expectedW = record.Singles($"{name}/W"),
            expectedB = record.Singles($"{name}/b");
        for (int step = 0; step < 12; step++)
        {
            session.Step(rate, gradientW[(step * 30)..((step + 1) * 30)], gradientB[(step * 5)..((step + 1) * 5)]);
            AssertClose(expectedW.AsSpan(step * 30, 30), session.Read("W"), $"{name}, step {step}, W");
            AssertClose(expectedB.AsSpan(step * 5, 5), session.Read("b"), $"{name}, step {step}, b");
        }
    }

    [Fact]
    public void Multipliers_act_on_their_parameters_only()
    {
        var scales = new Dictionary<string, ParameterGroup> { ["b"] = new(LearningRate: 0.5f, WeightDecay: 0) };
        var rule = new Sgd { WeightDecay = 0.1f };
        using var session = new GivenGradients(
            new TrainingSessionOptions { Optimizer = rule, ParameterGroups = scales },
            OnnxTensor.FromFloats("a", [2], [1, 2]),
            OnnxTensor.FromFloats("b", [2], [1, 2]),
            OnnxTensor.FromFloats("c", [1], [4])
        );
        session.Step(0.1f, [1, 1], [1, 1], [0]);
        AssertClose([1 - 0.11f, 2 - 0.12f], session.Read("a"), "a");
        AssertClose([0.95f, 1.95f], session.Read("b"), "b");
        AssertClose([4 - 0.04f], session.Read("c"), "c");
    }

    [Fact]
    public void Muon_orthogonalizes_matrices_and_leaves_the_rest_to_the_other_rule()
    {
        using var record = new Npz(GoldenFiles.PathOf("optimizers.npz"));
        var rule = new Muon
        {
            WeightDecay = 0.1f,
            Parameters = ["W"],
            Other = new Sgd { Momentum = 0.9f },
            OtherRate = 5,
        };
        using GivenGradients session = Create(
            rule,
            OnnxTensor.FromFloats("W", [6, 5], record.Singles("W0")),
            OnnxTensor.FromFloats("b", [5], record.Singles("b0"))
        );
        float[] gradientW = record.Singles("gradW"),
            gradientB = record.Singles("gradb"),
            expectedB = record.Singles("sgd_momentum/b");
        for (int step = 0; step < 12; step++)
        {
            session.Step(0.02f, gradientW[(step * 30)..((step + 1) * 30)], gradientB[(step * 5)..((step + 1) * 5)]);
            AssertClose(expectedB.AsSpan(step * 5, 5), session.Read("b"), $"step {step}, b");
        }
        // By the author's zeropower_via_newtonschulz5 in 64 bits.
        AssertClose(
            [
                2.05036f,
                -2.43549f,
                0.29692f,
                -0.43889f,
                -0.42408f,
                -0.26289f,
                -1.97326f,
                -0.1998f,
                -0.77142f,
                3.173f,
                0.2528f,
                -0.45012f,
                -0.35988f,
                -0.67355f,
                -1.09625f,
                -0.47505f,
                0.47675f,
                -0.32074f,
                0.91048f,
                -0.21432f,
                0.0722f,
                1.63296f,
                0.53033f,
                -0.53821f,
                -0.20809f,
                0.57601f,
                1.90095f,
                -0.30295f,
                -0.2721f,
                1.0718f,
            ],
            session.Read("W"),
            "W"
        );
    }

    [Fact]
    public void Lookahead_moves_slow_weights_half_of_the_way()
    {
        var rule = new Lookahead(new Sgd(), SyncPeriod: 2);
        using GivenGradients session = Create(rule, OnnxTensor.FromFloats("a", [1], [1]));
        var values = new List<float>();
        for (int i = 0; i < 5; i++)
        {
            session.Step(0.1f, [1]);
            values.Add(session.Read("a")[0]);
        }
        // 1 -> 0.9 -> 0.8, half of the way from 1: 0.9 -> 0.8 -> 0.7, half of the way from 0.9: 0.8 -> 0.7.
        AssertClose([0.9f, 0.9f, 0.8f, 0.8f, 0.7f], [.. values], "a");
    }

    [Fact]
    public void An_unknown_rule_is_named() =>
        Assert.Contains(
            nameof(OtherRule),
            Assert.Throws<NotSupportedException>(() => Create(new OtherRule(), OnnxTensor.FromFloats("a", [1], [1]))).Message
        );

    private sealed record OtherRule : Optimizer
    {
        public override IReadOnlyList<string> Slots => [];
    }

    private static GivenGradients Create(Optimizer rule, params OnnxTensor[] parameters) =>
        new(new TrainingSessionOptions { Optimizer = rule }, parameters);

    private static void AssertClose(ReadOnlySpan<float> expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < actual.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= 1e-5 + 1e-5 * Math.Abs(expected[i]),
                $"{what}[{i}]: {actual[i]}, expected {expected[i]}"
            );
    }
}
