using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Pruning;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.TestData.Needs;
using Xunit;

namespace MLNetExtensions.Tests.Compression.Pruning;

/// <summary>
/// Channels that do nothing (zero weights, zero bias) are the least important: where those go, the network's answers must stay. That shows
/// every constant, count and attribute to be cut at the right places.
/// </summary>
public sealed class StructuredPruningTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> Cases =>
        [
            "chain",
            "bn",
            "residual",
            "residual-of-other-width",
            "concat",
            "depthwise",
            "depthwise-multiplied",
            "split",
            "slice",
            "squeeze-excite",
            "flatten",
            "reshape",
            "matmul",
            "transposed",
            "prelu",
            "scale",
            "instance-norm",
            "transpose-pair",
            "transpose-flatten",
            "transpose-reshape",
            "transpose-mean",
        ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Channels_that_do_nothing_go_and_the_answers_stay(string name)
    {
        OnnxGraph graph = Case(name);
        CompressedModel pruned = _ml.Vision()
            .Prune(
                graph,
                new PruneOptions
                {
                    TargetMacsFraction = 0.8,
                    ChannelMultiple = 1,
                    LatencyBatchSize = 0,
                }
            );
        Assert.True(pruned.Report.MacsAfter <= 0.8 * pruned.Report.MacsBefore, $"{pruned.Report}");
        Assert.True(Weights(pruned.Model) < Weights(graph));
        PassCases.AssertSame(graph, pruned.Model);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(24)]
    public void Small_networks_meet_the_target_within_5_percent(int width)
    {
        OnnxGraph graph = new ResNet9 { Width = width }.Build(3, 4, 32, 32, seed: 1);
        foreach (double fraction in new[] { 0.8, 0.5, 0.3 })
        {
            CompressionReport report = _ml.Vision()
                .Prune(
                    graph,
                    new PruneOptions
                    {
                        TargetMacsFraction = fraction,
                        MinimumChannelFraction = 0.1,
                        LatencyBatchSize = 0,
                    }
                )
                .Report;
            Assert.InRange((double)report.MacsAfter!.Value / report.MacsBefore!.Value, 0.95 * fraction, fraction);
        }
    }

    [Fact]
    public void Layers_that_keep_all_channels_count_too()
    {
        // Half of the multiplications are in a group convolution, which is not understood.
        OnnxGraph graph = PassCases.Graph(
            [-1, 16, 8, 8],
            [
                OnnxNode.Create("Conv", ["x", "g"], ["p"], OnnxAttribute.Of("group", 2L)),
                OnnxNode.Create("Conv", ["p", "a"], ["q"]),
                OnnxNode.Create("Conv", ["q", "b"], ["y"]),
            ],
            DrawnTensor.Normal("g", 1, 16, 8, 3, 3),
            DrawnTensor.Normal("a", 2, 24, 16, 1, 1),
            DrawnTensor.Normal("b", 3, 24, 24, 1, 1)
        );
        CompressionReport report = _ml.Vision().Prune(graph, new PruneOptions { TargetMacsFraction = 0.8, LatencyBatchSize = 0 }).Report;
        Assert.Equal(36 * (16 * 8 * 9 + 24 * 16 + 24 * 24), report.MacsBefore);
        Assert.InRange((double)report.MacsAfter!.Value / report.MacsBefore!.Value, 0.76, 0.8);
    }

    private static long Weights(OnnxGraph graph) =>
        graph.Initializers.Values.Where(t => t.ElementType == OnnxElementType.Float).Sum(t => t.Count);

    /// <summary>A network whose layers have some channels of zeros, at different places.</summary>
    private static OnnxGraph Case(string name)
    {
        var weights = new List<OnnxTensor>();
        // Every third output channel of a layer does nothing.
        string W(string weight, params long[] shape)
        {
            OnnxTensor random = DrawnTensor.Normal(weight, weight.Length + weights.Count, shape);
            int inner = (int)(random.Count / shape[0]);
            weights.Add(OnnxTensor.FromFloats(weight, shape, [.. random.ToFloats().Select((v, i) => i / inner % 3 == 1 ? 0 : v)]));
            return weight;
        }
        string Full(string weight, params long[] shape)
        {
            weights.Add(DrawnTensor.Normal(weight, weights.Count, shape));
            return weight;
        }
        string Norm(string norm, int channels)
        {
            foreach (OnnxTensor part in PassCases.Norm(norm, channels))
                weights.Add(
                    part.Name.EndsWith("bias", StringComparison.Ordinal) || part.Name.EndsWith("mean", StringComparison.Ordinal)
                        ? OnnxTensor.FromFloats(part.Name, [channels], [.. part.ToFloats().Select((v, i) => i % 3 == 1 ? 0 : v)])
                        : part
                );
            return norm;
        }
        string I(string list, params long[] values)
        {
            weights.Add(OnnxTensor.FromInt64s(list, [values.Length], values));
            return list;
        }
        OnnxNode Conv(string x, string weight, string y, params OnnxAttribute[] attributes) =>
            OnnxNode.Create("Conv", [x, weight], [y], [OnnxAttribute.Of("pads", 1L, 1, 1, 1), .. attributes]);
        OnnxNode Relu(string x, string y) => OnnxNode.Create("Relu", [x], [y]);
        OnnxNode[] nodes = name switch
        {
            "chain" =>
            [
                Conv("x", W("a", 9, 3, 3, 3), "p"),
                Relu("p", "q"),
                Conv("q", W("b", 6, 9, 3, 3), "r"),
                Relu("r", "s"),
                Conv("s", Full("c", 4, 6, 3, 3), "y"),
            ],
            "bn" =>
            [
                Conv("x", W("a", 9, 3, 3, 3), "p"),
                PassCases.NormNode("p", Norm("n", 9), "q"),
                Relu("q", "r"),
                Conv("r", Full("c", 4, 9, 3, 3), "y"),
            ],
            "residual" =>
            [
                Conv("x", W("a", 9, 3, 3, 3), "p"),
                Relu("p", "q"),
                Conv("q", W("b", 6, 9, 3, 3), "r"),
                Conv("r", W("c", 9, 6, 3, 3), "s"),
                OnnxNode.Create("Add", ["s", "q"], ["t"]),
                Relu("t", "u"),
                Conv("u", Full("d", 4, 9, 3, 3), "y"),
            ],
            "residual-of-other-width" =>
            [
                Conv("x", W("a", 9, 3, 3, 3), "p"),
                Relu("p", "q"),
                OnnxNode.Create("Pad", ["q", I("pads", 0, 3, 0, 0, 0, 6, 0, 0)], ["z"]),
                Conv("q", W("b", 18, 9, 3, 3), "r"),
                OnnxNode.Create("Add", ["r", "z"], ["t"]),
                Relu("t", "u"),
                Conv("u", Full("d", 4, 18, 3, 3), "y"),
            ],
            "concat" =>
            [
                Conv("x", W("a", 9, 3, 3, 3), "p"),
                Conv("x", W("b", 6, 3, 3, 3), "q"),
                OnnxNode.Create("Concat", ["q", "p", "q"], ["r"], OnnxAttribute.Of("axis", -3L)),
                OnnxNode.Create("MaxPool", ["r"], ["s"], OnnxAttribute.Of("kernel_shape", 2L, 2)),
                Conv("s", Full("c", 4, 21, 3, 3), "y"),
            ],
            "depthwise" =>
            [
                Conv("x", W("a", 9, 3, 3, 3), "p"),
                Conv("p", Full("b", 9, 1, 3, 3), "q", OnnxAttribute.Of("group", 9L)),
                Conv("q", Full("c", 4, 9, 3, 3), "y"),
            ],
            "depthwise-multiplied" =>
            [
                Conv("x", W("a", 9, 3, 3, 3), "p"),
                Conv("p", Full("b", 18, 1, 3, 3), "q", OnnxAttribute.Of("group", 9L)),
                Conv("q", Full("c", 4, 18, 3, 3), "y"),
            ],
            "split" =>
            [
                Conv("x", W("a", 12, 3, 3, 3), "p"),
                OnnxNode.Create("Split", ["p", I("sizes", 6, 6)], ["q", "r"], OnnxAttribute.Of("axis", 1L)),
                OnnxNode.Create("Mul", ["q", "r"], ["s"]),
                Conv("s", Full("c", 4, 6, 3, 3), "y"),
            ],
            "slice" =>
            [
                Conv("x", W("a", 12, 3, 3, 3), "p"),
                OnnxNode.Create("Slice", ["p", I("starts", 2, 1), I("ends", 8, 9), I("axes", 2, 1)], ["q"]),
                Conv("q", Full("c", 4, 8, 3, 3), "y"),
            ],
            "squeeze-excite" =>
            [
                Conv("x", W("a", 9, 3, 3, 3), "p"),
                OnnxNode.Create("GlobalAveragePool", ["p"], ["q"]),
                OnnxNode.Create("Conv", ["q", W("b", 6, 9, 1, 1)], ["r"]),
                Relu("r", "s"),
                OnnxNode.Create("Conv", ["s", Full("c", 9, 6, 1, 1)], ["t"]),
                OnnxNode.Create("Sigmoid", ["t"], ["u"]),
                OnnxNode.Create("Mul", ["p", "u"], ["v"]),
                Conv("v", Full("d", 4, 9, 3, 3), "y"),
            ],
            "flatten" =>
            [
                Conv("x", W("a", 9, 3, 3, 3), "p"),
                OnnxNode.Create("MaxPool", ["p"], ["q"], OnnxAttribute.Of("kernel_shape", 2L, 2), OnnxAttribute.Of("strides", 2L, 2)),
                OnnxNode.Create("Flatten", ["q"], ["r"]),
                OnnxNode.Create("Gemm", ["r", W("b", 6, 9 * 16), Full("bias", 1, 1)], ["s"], OnnxAttribute.Of("transB", 1L)),
                OnnxNode.Create("Gemm", ["s", Full("c", 6, 4)], ["y"]),
            ],
            "reshape" =>
            [
                Conv("x", W("a", 9, 3, 3, 3), "p"),
                OnnxNode.Create("GlobalAveragePool", ["p"], ["q"]),
                OnnxNode.Create("Reshape", ["q", I("flat", -1, 9)], ["r"]),
                OnnxNode.Create("Reshape", ["r", I("back", 0, 9, 1, 1)], ["s"]),
                OnnxNode.Create("Mul", ["p", "s"], ["t"]),
                Conv("t", Full("c", 4, 9, 3, 3), "y"),
            ],
            "matmul" =>
            [
                Conv("x", W("a", 9, 3, 3, 3), "p"),
                OnnxNode.Create("ReduceMean", ["p"], ["q"], OnnxAttribute.Of("axes", 2L, 3), OnnxAttribute.Of("keepdims", 0L)),
                OnnxNode.Create("MatMul", ["q", Full("b", 9, 6)], ["r"]),
                OnnxNode.Create("Add", ["r", Full("bias", 6)], ["s"]),
                OnnxNode.Create("MatMul", ["s", Full("c", 6, 4)], ["y"]),
            ],
            "transposed" => [Conv("x", W("a", 9, 3, 3, 3), "p"), OnnxNode.Create("ConvTranspose", ["p", Full("b", 9, 4, 2, 2)], ["y"])],
            "prelu" =>
            [
                Conv("x", W("a", 9, 3, 3, 3), "p"),
                OnnxNode.Create("PRelu", ["p", Full("slope", 9, 1, 1)], ["q"]),
                Conv("q", Full("c", 4, 9, 3, 3), "y"),
            ],
            "scale" =>
            [
                Conv("x", W("a", 9, 3, 3, 3), "p"),
                OnnxNode.Create("Mul", ["p", Full("k", 1, 9, 1, 1)], ["q"]),
                OnnxNode.Create("Mul", ["q", Full("one", 1)], ["r"]),
                Conv("r", Full("c", 4, 9, 3, 3), "y"),
            ],
            "instance-norm" =>
            [
                Conv("x", W("a", 9, 3, 3, 3), "p"),
                OnnxNode.Create("InstanceNormalization", ["p", Full("gain", 9), W("shift", 9)], ["q"]),
                Conv("q", Full("c", 4, 9, 3, 3), "y"),
            ],
            "transpose-pair" =>
            [
                Conv("x", W("a", 9, 3, 3, 3), "p"),
                OnnxNode.Create("Transpose", ["p"], ["q"], OnnxAttribute.Of("perm", 0L, 2, 3, 1)),
                Relu("q", "r"),
                OnnxNode.Create("Transpose", ["r"], ["s"], OnnxAttribute.Of("perm", 0L, 3, 1, 2)),
                Conv("s", Full("c", 4, 9, 3, 3), "y"),
            ],
            "transpose-flatten" =>
            [
                Conv("x", W("a", 9, 3, 3, 3), "p"),
                OnnxNode.Create("Transpose", ["p"], ["q"], OnnxAttribute.Of("perm", 0L, 2, 1, 3)),
                OnnxNode.Create("Flatten", ["q"], ["r"]),
                OnnxNode.Create("MatMul", ["r", Full("c", 9 * 64, 4)], ["y"]),
            ],
            "transpose-reshape" =>
            [
                Conv("x", W("a", 9, 3, 3, 3), "p"),
                OnnxNode.Create("Transpose", ["p"], ["q"], OnnxAttribute.Of("perm", 0L, 2, 3, 1)),
                OnnxNode.Create("Reshape", ["q", I("flat", -1, 9 * 64)], ["r"]),
                OnnxNode.Create("MatMul", ["r", Full("c", 9 * 64, 4)], ["y"]),
            ],
            "transpose-mean" =>
            [
                Conv("x", W("a", 9, 3, 3, 3), "p"),
                OnnxNode.Create("Transpose", ["p"], ["q"], OnnxAttribute.Of("perm", 0L, 2, 3, 1)),
                OnnxNode.Create("ReduceMean", ["q"], ["r"], OnnxAttribute.Of("axes", 1L, -2), OnnxAttribute.Of("keepdims", 0L)),
                OnnxNode.Create("MatMul", ["r", Full("c", 9, 4)], ["y"]),
            ],
            _ => throw new ArgumentException(name),
        };
        return PassCases.Graph([-1, 3, 8, 8], nodes, [.. weights]);
    }

    [Theory]
    [InlineData("grouped")]
    [InlineData("shared")]
    [InlineData("softmax")]
    [InlineData("layer-norm")]
    [InlineData("softmax-of-transposed")]
    public void What_is_not_understood_stays_whole(string name)
    {
        OnnxTensor a = DrawnTensor.Normal("a", 1, 8, 4, 3, 3),
            b = DrawnTensor.Normal("b", 2, 4, 8, 3, 3);
        OnnxNode first = OnnxNode.Create("Conv", ["x", "a"], ["p"]),
            last = OnnxNode.Create("Conv", ["q", "b"], ["y"]);
        OnnxNode[] nodes = name switch
        {
            "grouped" => [first, OnnxNode.Create("Conv", ["p", "g"], ["q"], OnnxAttribute.Of("group", 2L)), last],
            "shared" => [first, OnnxNode.Create("Conv", ["x", "a"], ["r"]), OnnxNode.Create("Mul", ["p", "r"], ["q"]), last],
            "softmax" => [first, OnnxNode.Create("Softmax", ["p"], ["q"], OnnxAttribute.Of("axis", 1L)), last],
            "softmax-of-transposed" =>
            [
                first,
                OnnxNode.Create("Transpose", ["p"], ["r"], OnnxAttribute.Of("perm", 0L, 2, 3, 1)),
                OnnxNode.Create("Softmax", ["r"], ["s"]),
                OnnxNode.Create("Transpose", ["s"], ["q"], OnnxAttribute.Of("perm", 0L, 3, 1, 2)),
                last,
            ],
            _ => [first, OnnxNode.Create("LayerNormalization", ["p", "n"], ["q"], OnnxAttribute.Of("axis", 1L)), last],
        };
        OnnxGraph graph = PassCases.Graph(
            [-1, 4, 8, 8],
            nodes,
            a,
            b,
            DrawnTensor.Normal("g", 3, 8, 4, 1, 1),
            DrawnTensor.Normal("n", 4, 8, 6, 6)
        );
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Vision().Prune(graph));
        Assert.Contains("no channels that can be removed", error.Message);
    }

    [Theory]
    [InlineData(ChannelImportance.L1)]
    [InlineData(ChannelImportance.L2)]
    [InlineData(ChannelImportance.BatchNormScale)]
    public void The_least_important_channels_go(ChannelImportance importance)
    {
        // Channel 1 has the smallest weights, channel 2 the smallest scale behind them, channel 0 the smallest product.
        OnnxGraph graph = PassCases.Graph(
            [-1, 1, 4, 4],
            [OnnxNode.Create("Conv", ["x", "a"], ["p"]), PassCases.NormNode("p", "n", "q"), OnnxNode.Create("Conv", ["q", "b"], ["y"])],
            OnnxTensor.FromFloats("a", [4, 1, 1, 1], [1, 0.5f, 10, 5]),
            OnnxTensor.FromFloats("n.scale", [4], [0.3f, 4, 0.1f, 1]),
            OnnxTensor.FromFloats("n.bias", [4], [1, 2, 3, 4]),
            OnnxTensor.FromFloats("n.mean", [4], new float[4]),
            OnnxTensor.FromFloats("n.var", [4], [1, 1, 1, 1]),
            DrawnTensor.Normal("b", 1, 2, 4, 1, 1)
        );
        CompressedModel pruned = _ml.Vision()
            .Prune(
                graph,
                new PruneOptions
                {
                    TargetMacsFraction = 0.75,
                    ChannelMultiple = 1,
                    Importance = importance,
                }
            );
        float[] expected = importance == ChannelImportance.BatchNormScale ? [1, 2, 4] : [2, 3, 4];
        Assert.Equal(expected, pruned.Model.Initializers["n.bias"].ToFloats());
    }

    [NeedsBackbones]
    [Fact]
    public void Widths_stay_multiples_and_the_target_is_met()
    {
        OnnxGraph graph = OnnxGraph.Load(SharedData.PathOf("models", "resnet20_cifar10_bn.onnx"));
        CompressedModel pruned = _ml.Vision().Prune(graph, new PruneOptions { TargetMacsFraction = 0.5, LatencyBatchSize = 0 });
        Assert.Equal(40551040, pruned.Report.MacsBefore);
        Assert.InRange(pruned.Report.MacsAfter!.Value, 0.475 * 40551040, 0.5 * 40551040);
        Assert.All(
            pruned.Model.Nodes.Where(n => n.OpType == "Conv"),
            conv => Assert.Equal(0, pruned.Model.Initializers[conv.Inputs[1]].Shape[0] % 8)
        );
        Assert.Equal(graph.Nodes.Count, pruned.Model.Nodes.Count);
        OnnxTensor output = OrtRunner.Run(
            pruned.Model,
            new Dictionary<string, OnnxTensor> { ["input"] = DrawnTensor.Normal("input", 1, 2, 3, 32, 32) }
        )[0];
        Assert.Equal([2, 10], output.Shape);
    }

    [NeedsBackbones]
    [Theory]
    [InlineData("mobilenetv2_1.0_224_bn")]
    [InlineData("efficientnet_lite0_224_bn")]
    [InlineData("squeezenet1.1_224")]
    [InlineData("darknet_tiny_224_bn")]
    public void Published_networks_become_narrower_and_still_run(string name)
    {
        OnnxGraph graph = OnnxGraph.Load(SharedData.PathOf("models", name + ".onnx"));
        CompressedModel pruned = _ml.Vision().Prune(graph, new PruneOptions { TargetMacsFraction = 0.6, LatencyBatchSize = 0 });
        Assert.InRange((double)pruned.Report.MacsAfter!.Value / pruned.Report.MacsBefore!.Value, 0.57, 0.6);
        Assert.True(pruned.Report.SizeRatio > 1.2);
        OnnxTensor output = OrtRunner.Run(
            pruned.Model,
            new Dictionary<string, OnnxTensor> { [graph.Inputs[0].Name] = DrawnTensor.Normal("x", 1, 2, 3, 224, 224) }
        )[0];
        Assert.All(output.ToFloats(), v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void Layers_can_be_kept_and_unknown_names_are_errors()
    {
        OnnxGraph graph = Case("chain");
        CompressedModel pruned = _ml.Vision()
            .Prune(
                graph,
                new PruneOptions
                {
                    TargetMacsFraction = 0.8,
                    ChannelMultiple = 1,
                    IgnoredLayers = ["p"],
                }
            );
        Assert.Equal(["r"], pruned.Report.CompressedLayers);
        Assert.Contains(
            "names 'z'",
            Assert.Throws<ArgumentException>(() => _ml.Vision().Prune(graph, new PruneOptions { IgnoredLayers = ["z"] })).Message
        );
        Assert.Contains(
            "cannot be met",
            Assert
                .Throws<InvalidOperationException>(() => _ml.Vision().Prune(graph, new PruneOptions { TargetMacsFraction = 0.01 }))
                .Message
        );
    }

    [Fact]
    public void Defaults_and_all_that_is_wrong_with_options()
    {
        var options = new PruneOptions();
        Assert.Equal(
            (0.5, ChannelImportance.L2, 8, 0.25),
            (options.TargetMacsFraction, options.Importance, options.ChannelMultiple, options.MinimumChannelFraction)
        );
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Vision()
                .Prune(
                    Case("chain"),
                    new PruneOptions
                    {
                        TargetMacsFraction = 1,
                        ChannelMultiple = 0,
                        MinimumChannelFraction = 1,
                    }
                )
        );
        foreach (string name in new[] { "TargetMacsFraction", "ChannelMultiple", "MinimumChannelFraction" })
            Assert.Contains(name, error.Message);
    }

    [Fact]
    public void The_report_measures_an_evaluation_set_of_a_backbone()
    {
        using var images = new Trainers.ColorImages(9);
        Backbone backbone = Backbone.FromGraph(
            Case("chain") with
            {
                Outputs = [OnnxValue.Create("y", OnnxElementType.Float, -1, 4, 8, 8)],
            },
            new MLNetExtensions.Imaging.ImagePreprocessing { Width = 8, Height = 8 }
        );
        CompressionReport report = _ml.Vision()
            .Prune(
                backbone,
                new PruneOptions
                {
                    TargetMacsFraction = 0.8,
                    ChannelMultiple = 1,
                    EvaluationSet = images.Paths(_ml),
                }
            )
            .Report;
        Assert.Equal(report.AccuracyBefore, report.AccuracyAfter);
        Assert.InRange(report.OutputError!.Value, 0, 1e-4);
        Assert.Contains("multiplications", report.ToString());
    }
}
