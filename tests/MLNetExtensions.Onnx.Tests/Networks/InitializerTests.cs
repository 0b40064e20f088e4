using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Onnx.Networks.Initializers;
using MLNetExtensions.Onnx.Networks.Layers;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Networks;

public class InitializerTests
{
    private const int Outputs = 300,
        Inputs = 200;

    public static TheoryData<Initializer, double, double> Spreads =>
        new()
        {
            // The largest absolute value (0: no limit) and the variance, by the formulas of torch.nn.init and keras.initializers.
            { new FanInUniform(), 1 / Math.Sqrt(Inputs), 1.0 / 3 / Inputs },
            { new GlorotUniform(), Math.Sqrt(6.0 / (Inputs + Outputs)), 2.0 / (Inputs + Outputs) },
            { new GlorotNormal(), 0, 2.0 / (Inputs + Outputs) },
            { new KaimingUniform(), Math.Sqrt(6.0 / Inputs), 2.0 / Inputs },
            { new KaimingNormal(), 0, 2.0 / Inputs },
            { new KaimingNormal(FanMode.Out), 0, 2.0 / Outputs },
            { new LecunNormal(), 0, 1.0 / Inputs },
            { new RandomNormal(0.3), 0, 0.09 },
            { new Uniform(0.3), 0.3, 0.03 },
            // The variance of a normal distribution cut at 2 standard deviations is 0.7737 of the whole one's.
            { new TruncatedNormal(0.02), 0.04, 0.77374 * 0.0004 },
        };

    [Theory]
    [MemberData(nameof(Spreads))]
    public void Draws_have_the_published_spread(Initializer initializer, double bound, double variance)
    {
        float[] values = initializer.Draw([Outputs, Inputs], new Fan(Inputs, Outputs), new Random(1));
        Assert.Equal(Outputs * Inputs, values.Length);
        double mean = values.Average(v => (double)v);
        // 60,000 draws: the standard error of the mean is 0.4 % of the standard deviation, that of the variance 0.6 % at most.
        Assert.InRange(Math.Abs(mean), 0, 0.02 * Math.Sqrt(variance));
        Assert.Equal(1, values.Average(v => (v - mean) * (v - mean)) / variance, 0.03);
        if (bound > 0)
            Assert.InRange(values.Max(Math.Abs), 0.99 * bound, bound * 1.000001);
    }

    [Theory]
    [InlineData(20, 50)]
    [InlineData(50, 20)]
    public void Orthogonal_rows_or_columns_are_orthonormal(int rows, int columns)
    {
        float[] values = new Orthogonal().Draw([rows, columns], Fan.None, new Random(1));
        int count = Math.Min(rows, columns),
            length = Math.Max(rows, columns);
        for (int a = 0; a < count; a++)
        for (int b = 0; b <= a; b++)
        {
            double product = Enumerable.Range(0, length).Sum(i => (double)At(a, i) * At(b, i));
            Assert.Equal(a == b ? 1 : 0, product, 1e-5);
        }

        float At(int vector, int i) => rows <= columns ? values[vector * columns + i] : values[i * columns + vector];
    }

    [Fact]
    public void Dirac_hands_channels_through()
    {
        float[] values = new Dirac(new Constant(9)).Draw([3, 2, 3, 3], Fan.None, new Random(1));
        Assert.Equal([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], values[..18]);
        Assert.Equal(1, values[18 + 9 + 4]);
        Assert.All(values[36..], v => Assert.Equal(9, v));
    }

    [Fact]
    public void A_convolutions_fans_count_its_kernel()
    {
        // torch.nn.Conv2d(8, 64, 3, groups=2): fan in 4 * 9.
        OnnxGraph graph = new Conv2D(64, 3) { Groups = 2 }.Build(8, 8, 8);
        double bound = 1 / Math.Sqrt(36);
        Assert.InRange(graph.Initializers["conv2d.weight"].ToFloats().Max(Math.Abs), 0.99 * bound, bound);
        Assert.InRange(graph.Initializers["conv2d.bias"].ToFloats().Max(Math.Abs), 0.9 * bound, bound);
    }

    [Fact]
    public void Keras_defaults_are_glorot_and_zeros()
    {
        OnnxGraph graph = new Conv2D(64, 3).Build(8, 8, 8, seed: 1, InitializerDefaults.Keras);
        double bound = Math.Sqrt(6.0 / (9 * 8 + 9 * 64));
        Assert.InRange(graph.Initializers["conv2d.weight"].ToFloats().Max(Math.Abs), 0.99 * bound, bound);
        Assert.All(graph.Initializers["conv2d.bias"].ToFloats(), v => Assert.Equal(0, v));
    }

    [Fact]
    public void Recurrent_weights_are_pytorchs_by_default()
    {
        OnnxGraph graph = new Sequential(new RowSequence(), new Lstm(25)).Build(1, 8, 8);
        foreach (string name in new[] { "lstm.weight_ih", "lstm.weight_hh", "lstm.bias" })
            Assert.InRange(graph.Initializers[name].ToFloats().Max(Math.Abs), 0.95 / 5, 1.0 / 5);
    }

    [Fact]
    public void Keras_recurrent_weights_are_orthogonal_and_the_forget_gate_is_open()
    {
        const int units = 6,
            rows = 4 * units;
        OnnxGraph graph = new Sequential(new RowSequence(), new Lstm(units) { Bidirectional = true }).Build(
            1,
            8,
            8,
            seed: 1,
            InitializerDefaults.Keras
        );
        float[] state = graph.Initializers["lstm.weight_hh"].ToFloats();
        for (int direction = 0; direction < 2; direction++)
        for (int a = 0; a < units; a++)
        for (int b = 0; b < units; b++)
            Assert.Equal(
                a == b ? 1 : 0,
                Enumerable
                    .Range(0, rows)
                    .Sum(r => (double)state[(direction * rows + r) * units + a] * state[(direction * rows + r) * units + b]),
                1e-5
            );
        float[] bias = graph.Initializers["lstm.bias"].ToFloats();
        Assert.Equal(2 * units, bias.Count(v => v == 1));
        // Input, output, forget, cell: the third gate of the input's biases.
        Assert.All(bias[(2 * units)..(3 * units)], v => Assert.Equal(1, v));
        Assert.All(bias[(2 * rows + 2 * units)..(2 * rows + 3 * units)], v => Assert.Equal(1, v));
    }

    [Fact]
    public void A_zeroed_residual_begins_as_an_identity()
    {
        OnnxGraph graph = new ResNet(18) { ZeroInitResidual = true, Stem = ResNetStem.Cifar }.Build(10, 3, 8, 8);
        Assert.All(graph.Initializers["layer1.0.bn2.weight"].ToFloats(), v => Assert.Equal(0, v));
        Assert.All(graph.Initializers["layer1.0.bn1.weight"].ToFloats(), v => Assert.Equal(1, v));
    }
}
