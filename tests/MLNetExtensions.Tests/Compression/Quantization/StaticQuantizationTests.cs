using Microsoft.ML;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Evaluation;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Compression.Quantization.Calibration;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.TestData.Needs;
using Xunit;

namespace MLNetExtensions.Tests.Compression.Quantization;

public sealed class StaticQuantizationTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string, string> Cases =>
        new()
        {
            { "conv", "1 DequantizeLinear, 1 QLinearConv, 1 QuantizeLinear" },
            { "conv-relu-conv", "1 DequantizeLinear, 2 QLinearConv, 1 QuantizeLinear" },
            { "conv-clip-conv", "1 DequantizeLinear, 2 QLinearConv, 1 QuantizeLinear" },
            { "conv-bn-pool-gemm", "1 Flatten, 1 MaxPool, 1 QGemm, 1 QLinearConv, 1 QuantizeLinear" },
            { "residual", "1 DequantizeLinear, 1 QLinearAdd, 3 QLinearConv, 1 QuantizeLinear" },
            { "concat", "1 DequantizeLinear, 1 QLinearConcat, 4 QLinearConv, 1 QuantizeLinear" },
            { "depthwise", "1 DequantizeLinear, 2 QLinearConv, 1 QuantizeLinear" },
            { "average-pool", "1 DequantizeLinear, 1 QLinearAveragePool, 2 QLinearConv, 1 QuantizeLinear" },
            { "leaky", "1 DequantizeLinear, 2 QLinearConv, 1 QLinearLeakyRelu, 1 QuantizeLinear" },
            { "reshape", "1 DequantizeLinear, 2 QLinearConv, 1 QuantizeLinear, 2 Reshape" },
            { "matmul", "1 QGemm, 1 QuantizeLinear" },
            { "matmul-of-tokens", "1 Add, 1 MatMulIntegerToFloat, 1 QuantizeLinear" },
            { "split", "1 DequantizeLinear, 1 QLinearConcat, 3 QLinearConv, 1 QuantizeLinear, 1 Split" },
        };

    [Theory]
    [InlineData("Gemm", false)]
    [InlineData("Gemm", true)]
    [InlineData("MatMul", false)]
    public void Small_features_with_large_weights_count(string opType, bool isTransposed)
    {
        // As of a classifier trained on standardized features: one of 16 is 1000 times smaller and its weights are as much larger.
        Assert.InRange(ErrorWith(1e-3f), 0, 1.5 * ErrorWith(1));

        double ErrorWith(float size)
        {
            const int features = 16,
                small = 5;
            float[] sizes = [.. Enumerable.Range(0, features).Select(i => i == small ? size : 1)];
            float[] weights =
            [
                .. DrawnTensor.Normal("w", 1, features, 3).ToFloats().Select((v, i) => v / sizes[isTransposed ? i % features : i / 3]),
            ];
            OnnxGraph graph = PassCases.Graph(
                [-1, features],
                [
                    OnnxNode.Create("Mul", ["x", "sizes"], ["f"]),
                    OnnxNode.Create(opType, ["f", "w"], ["y"], isTransposed ? [OnnxAttribute.Of("transB", 1L)] : []) with
                    {
                        Name = "classifier",
                    },
                ],
                OnnxTensor.FromFloats("sizes", [features], sizes),
                OnnxTensor.FromFloats("w", isTransposed ? [3, features] : [features, 3], weights)
            );
            IDataView rows = CompressionCases.Rows(_ml, 64, features);
            CompressionReport report = _ml.Vision()
                .Quantize(
                    graph,
                    new QuantizeOptions
                    {
                        CalibrationSet = rows,
                        EvaluationSet = rows,
                        LatencyBatchSize = 0,
                    }
                )
                .Report;
            Assert.Equal(["classifier"], report.CompressedLayers);
            return report.OutputError!.Value;
        }
    }

    /// <summary>The graph in float and its rows' size, by the name of a case.</summary>
    private static (OnnxGraph Graph, int Size) Case(string name)
    {
        OnnxTensor W(string weight, params long[] shape) =>
            OnnxTensor.FromFloats(weight, shape, [.. DrawnTensor.Normal(weight, weight.Length, shape).ToFloats().Select(v => 0.3f * v)]);
        OnnxNode Conv(string x, string weight, string y, params OnnxAttribute[] attributes) =>
            OnnxNode.Create("Conv", [x, weight], [y], attributes);
        OnnxAttribute same = OnnxAttribute.Of("pads", 1L, 1, 1, 1);
        OnnxTensor[] bounds = [OnnxTensor.FromFloats("low", [], [0]), OnnxTensor.FromFloats("high", [], [1])];
        OnnxNode[] nodes;
        OnnxTensor[] weights = [W("w", 4, 3, 3, 3), W("w4", 4, 4, 3, 3), W("w_4", 4, 4, 3, 3)];
        switch (name)
        {
            case "conv":
                nodes = [Conv("x", "w", "y")];
                break;
            case "conv-relu-conv":
                nodes = [Conv("x", "w", "a"), OnnxNode.Create("Relu", ["a"], ["b"]), Conv("b", "w4", "y")];
                break;
            case "conv-clip-conv":
                nodes = [Conv("x", "w", "a"), OnnxNode.Create("Clip", ["a", "low", "high"], ["b"]), Conv("b", "w4", "y")];
                break;
            case "conv-bn-pool-gemm":
                nodes =
                [
                    Conv("x", "w", "a"),
                    PassCases.NormNode("a", "n", "b"),
                    OnnxNode.Create("Relu", ["b"], ["c"]),
                    OnnxNode.Create("MaxPool", ["c"], ["d"], OnnxAttribute.Of("kernel_shape", 2L, 2), OnnxAttribute.Of("strides", 2L, 2)),
                    OnnxNode.Create("Flatten", ["d"], ["e"]),
                    OnnxNode.Create("Gemm", ["e", "fc", "fcb"], ["y"], OnnxAttribute.Of("transB", 1L)),
                ];
                weights = [.. weights, .. PassCases.Norm("n", 4), W("fc", 3, 4 * 25), W("fcb", 3)];
                break;
            case "residual":
                nodes =
                [
                    Conv("x", "w", "a", same),
                    Conv("a", "w4", "b", same),
                    OnnxNode.Create("Add", ["b", "a"], ["c"]),
                    OnnxNode.Create("Relu", ["c"], ["d"]),
                    Conv("d", "w_4", "y"),
                ];
                break;
            case "concat":
                nodes =
                [
                    Conv("x", "w", "a", same),
                    OnnxNode.Create("Relu", ["a"], ["b"]),
                    Conv("b", "w4", "c", same),
                    Conv("b", "w_4", "d", same),
                    OnnxNode.Create("Relu", ["d"], ["e"]),
                    OnnxNode.Create("Concat", ["c", "e"], ["f"], OnnxAttribute.Of("axis", 1L)),
                    Conv("f", "w8", "y"),
                ];
                weights = [.. weights, W("w8", 4, 8, 3, 3)];
                break;
            case "depthwise":
                nodes = [Conv("x", "d", "a", OnnxAttribute.Of("group", 3L)), OnnxNode.Create("Relu", ["a"], ["b"]), Conv("b", "w6", "y")];
                weights = [W("d", 6, 1, 3, 3), W("w6", 4, 6, 1, 1)];
                break;
            case "average-pool":
                nodes =
                [
                    Conv("x", "w", "a"),
                    OnnxNode.Create("AveragePool", ["a"], ["b"], OnnxAttribute.Of("kernel_shape", 2L, 2)),
                    Conv("b", "w4", "y"),
                ];
                break;
            case "leaky":
                nodes =
                [
                    Conv("x", "w", "a"),
                    OnnxNode.Create("LeakyRelu", ["a"], ["b"], OnnxAttribute.Of("alpha", 0.1f)),
                    Conv("b", "w4", "y"),
                ];
                break;
            case "reshape":
                nodes =
                [
                    Conv("x", "w", "a"),
                    OnnxNode.Create("Reshape", ["a", "to"], ["b"]),
                    OnnxNode.Create("Reshape", ["b", "back"], ["c"]),
                    Conv("c", "w4", "y"),
                ];
                weights = [.. weights, OnnxTensor.FromInt64s("to", [3], [0, 4, -1]), OnnxTensor.FromInt64s("back", [4], [0, 4, 10, 10])];
                break;
            case "matmul":
                return (
                    PassCases.Graph(
                        [-1, 20],
                        [OnnxNode.Create("MatMul", ["x", "m"], ["a"]), OnnxNode.Create("Add", ["a", "b"], ["y"])],
                        W("m", 20, 3),
                        W("b", 3)
                    ),
                    20
                );
            case "matmul-of-tokens":
                return (
                    PassCases.Graph(
                        [-1, 4, 5],
                        [OnnxNode.Create("MatMul", ["x", "m"], ["a"]), OnnxNode.Create("Add", ["a", "b"], ["y"])],
                        W("m", 5, 3),
                        W("b", 3)
                    ),
                    20
                );
            case "split":
                nodes =
                [
                    Conv("x", "w", "a", same),
                    OnnxNode.Create("Split", ["a"], ["b", "c"], OnnxAttribute.Of("axis", 1L)),
                    Conv("b", "w2", "d", same),
                    OnnxNode.Create("Concat", ["d", "c"], ["e"], OnnxAttribute.Of("axis", 1L)),
                    Conv("e", "w4", "y"),
                ];
                weights = [.. weights, W("w2", 2, 2, 3, 3)];
                break;
            default:
                throw new ArgumentException(name);
        }
        return (RemoveUnused.Apply(PassCases.Graph([-1, 3, 12, 12], nodes, [.. weights, .. bounds])), 3 * 12 * 12);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Onnx_runtime_computes_in_whole_numbers(string name, string operators)
    {
        (OnnxGraph graph, int size) = Case(name);
        OnnxGraph quantized = Quantize(graph, size).Model;
        Assert.Equal(operators, CompressionCases.Count(CompressionCases.Optimized(quantized)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_answers_stay_close_and_are_those_of_the_float_arithmetic_of_the_graph(string name, string _)
    {
        (OnnxGraph graph, int size) = Case(name);
        foreach (QuantizedType type in Enum.GetValues<QuantizedType>())
        {
            CompressedModel compressed = Quantize(
                graph,
                size,
                options => (options.ActivationType, options.Calibration) = (type, new MinMaxCalibration())
            );
            Assert.InRange(compressed.Report.OutputError!.Value, 1e-5, type == QuantizedType.SymmetricInt8 ? 0.06 : 0.04);
            // The report's error is that of the fused kernels; without optimization ONNX Runtime computes the graph in float as it is
            // written.
            Dictionary<string, OnnxTensor> input = new()
            {
                ["x"] = DrawnTensor.Normal("x", 1, [32, .. graph.Inputs[0].Shape!.Skip(1).Select(d => d.Size!.Value)]),
            };
            OnnxTensor exact = OrtRunner.Run(graph, input)[0],
                written = OrtRunner.Run(compressed.Model, input)[0];
            OrtRunner.AssertClose(exact, written, 0.06);
        }
    }

    [Fact]
    public void Weights_are_signed_symmetric_and_each_channel_has_its_step()
    {
        (OnnxGraph graph, int size) = Case("conv");
        float[] weights = [.. graph.Initializers["w"].ToFloats().Select((w, i) => i < 27 ? 100 * w : w)];
        graph = graph.WithWeights(new Dictionary<string, OnnxTensor> { ["w"] = OnnxTensor.FromFloats("w", [4, 3, 3, 3], weights) });
        OnnxGraph quantized = Quantize(graph, size, options => options.ReduceRange = false).Model;
        long[] numbers = quantized.Initializers["w/q"].ToInt64s();
        float[] scales = quantized.Initializers["w/s"].ToFloats();
        Assert.Equal(OnnxElementType.Int8, quantized.Initializers["w/q"].ElementType);
        Assert.All(quantized.Initializers["w/z"].ToInt64s(), zero => Assert.Equal(0, zero));
        for (int channel = 0; channel < 4; channel++)
            Assert.Equal(127, numbers.Skip(27 * channel).Take(27).Max(Math.Abs));
        for (int i = 0; i < weights.Length; i++)
            Assert.InRange(numbers[i] * scales[i / 27] - weights[i], -0.51f * scales[i / 27], 0.51f * scales[i / 27]);

        CompressedModel oneScale = Quantize(graph, size, options => options.PerChannel = false);
        Assert.Empty(oneScale.Model.Initializers["w/s"].Shape);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void No_two_products_are_together_beyond_16_bits(string name, string _)
    {
        (OnnxGraph graph, int size) = Case(name);
        foreach (bool perChannel in new[] { true, false })
        foreach (QuantizedType type in Enum.GetValues<QuantizedType>())
        {
            CompressedModel compressed = Quantize(
                graph,
                size,
                options => (options.PerChannel, options.ActivationType) = (perChannel, type)
            );
            CompressionCases.AssertFitsIn16Bits(compressed.Model);
            Assert.Equal("any", compressed.Report.Processors);
        }
    }

    [Fact]
    public void Weights_of_8_bits_are_an_option_and_the_report_says_for_which_processors()
    {
        (OnnxGraph graph, int size) = Case("conv-relu-conv");
        CompressedModel full = Quantize(graph, size, options => options.ReduceRange = false);
        Assert.Contains(full.Model.Initializers["w/q"].ToInt64s(), n => Math.Abs(n) == 127);
        Assert.Contains("VNNI", full.Report.Processors);
        Assert.Contains("processors      x64 with VNNI", full.Report.ToString());
        Assert.Contains("processors      any", Quantize(graph, size).Report.ToString());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Unsigned_weights_are_those_of_8_bits_counted_from_128(string name, string operators)
    {
        (OnnxGraph graph, int size) = Case(name);
        CompressedModel unsigned = Quantize(graph, size, options => options.WeightType = QuantizedType.UInt8),
            signed = Quantize(graph, size, options => options.ReduceRange = false);
        foreach (OnnxTensor weight in signed.Model.Initializers.Values.Where(t => t.ElementType == OnnxElementType.Int8))
        {
            OnnxTensor other = unsigned.Model.Initializers[weight.Name];
            Assert.Equal(OnnxElementType.UInt8, other.ElementType);
            Assert.Equal(weight.ToInt64s().Select(n => n + 128), other.ToInt64s());
        }
        Assert.Equal("any", unsigned.Report.Processors);
        Assert.InRange(unsigned.Report.OutputError!.Value, 1e-5, 0.04);
        Assert.Equal(operators, CompressionCases.Count(CompressionCases.Optimized(unsigned.Model)));
    }

    [Fact]
    public void A_channel_of_zeros_keeps_its_bias()
    {
        OnnxGraph graph = PassCases.Graph(
            [-1, 3, 6, 6],
            [OnnxNode.Create("Conv", ["x", "w", "b"], ["y"])],
            OnnxTensor.FromFloats("w", [2, 3, 1, 1], [1, 1, 1, 0, 0, 0]),
            OnnxTensor.FromFloats("b", [2], [0.5f, 1.25f])
        );
        OnnxGraph quantized = Quantize(graph, 108, options => options.Calibration = new MinMaxCalibration()).Model;
        OnnxTensor output = OrtRunner.Run(quantized, new Dictionary<string, OnnxTensor> { ["x"] = DrawnTensor.Normal("x", 5, 1, 3, 6, 6) })[
            0
        ];
        Assert.All(output.ToFloats().Skip(36), value => Assert.Equal(1.25f, value, 0.03f));
    }

    [Fact]
    public void Bias_correction_takes_back_the_shift_of_the_means()
    {
        // All weights round down, and all inputs are positive.
        OnnxGraph graph = PassCases.Graph(
            [-1, 8, 4, 4],
            [OnnxNode.Create("Abs", ["x"], ["p"]), OnnxNode.Create("Conv", ["p", "w"], ["y"])],
            OnnxTensor.FromFloats("w", [1, 8, 1, 1], [127, 1.45f, 1.45f, 1.45f, 1.45f, 1.45f, 1.45f, 1.45f])
        );
        double with = Mean(true),
            without = Mean(false),
            exact = OrtRunner.Run(graph, Input()).Single().ToFloats().Average();
        Assert.True(Math.Abs(exact - with) < 0.3 * Math.Abs(exact - without), $"{exact}: {without} becomes {with}");

        double Mean(bool correct) =>
            OrtRunner
                .Run(Quantize(graph, 128, o => (o.CorrectBias, o.Calibration) = (correct, new MinMaxCalibration())).Model, Input())
                .Single()
                .ToFloats()
                .Average();
        static Dictionary<string, OnnxTensor> Input() => new() { ["x"] = DrawnTensor.Normal("x", 1, 64, 8, 4, 4) };
    }

    [Fact]
    public void Layers_can_stay_in_float()
    {
        (OnnxGraph graph, int size) = Case("conv-relu-conv");
        CompressedModel compressed = Quantize(graph, size, options => options.NodesToExclude = ["y"]);
        Assert.Equal(["a"], compressed.Report.CompressedLayers);
        Assert.Equal(["y"], compressed.Report.KeptLayers);
        Assert.Equal(
            "1 Conv, 2 DequantizeLinear, 1 QLinearConv, 1 QuantizeLinear",
            CompressionCases.Count(CompressionCases.Optimized(compressed.Model))
        );
    }

    [Theory]
    [InlineData("Conv")]
    [InlineData("ConvTranspose")]
    [InlineData("Gemm")]
    public void A_layer_in_float_behind_numbers_is_not_quantized_by_onnx_runtime(string kind)
    {
        OnnxNode[] last = kind switch
        {
            "Gemm" => [OnnxNode.Create("Flatten", ["a"], ["b"]), OnnxNode.Create("Gemm", ["b", "v"], ["y"])],
            _ => [OnnxNode.Create(kind, ["a", "v"], ["y"])],
        };
        // One scale for all weights would lose all but the first.
        OnnxTensor weight = DrawnTensor.Normal("v", 3, kind == "Gemm" ? [144, 4] : [4, 4, 3, 3]);
        weight = OnnxTensor.FromFloats("v", [.. weight.Shape], [.. weight.ToFloats().Select((v, i) => i == 0 ? 300 : v)]);
        OnnxNode[] nodes = [OnnxNode.Create("Conv", ["x", "w"], ["a"]), .. last];
        OnnxGraph graph = PassCases.Graph(
            [-1, 3, 8, 8],
            nodes,
            OnnxTensor.FromFloats("w", [4, 3, 3, 3], [.. DrawnTensor.Normal("w", 1, 108).ToFloats().Select((v, i) => i < 27 ? 0 : v)]),
            weight
        );
        CompressedModel compressed = Quantize(graph, 192, options => options.NodesToExclude = kind == "ConvTranspose" ? [] : ["y"]);
        Assert.InRange(compressed.Report.OutputError!.Value, 1e-4, 0.05);
        Assert.Contains(kind, CompressionCases.Optimized(compressed.Model));
    }

    [Fact]
    public void The_search_leaves_the_layer_in_float_that_cannot_bear_eight_bits()
    {
        // One weight of the second layer is so large that 8 bits leave nothing of the others, which the first layer's zero channel hides
        // from no one.
        OnnxGraph graph = PassCases.Graph(
            [-1, 3, 12, 12],
            [
                OnnxNode.Create("Conv", ["x", "a"], ["p"]),
                OnnxNode.Create("Conv", ["p", "b"], ["q"]),
                OnnxNode.Create("Conv", ["q", "c"], ["y"]),
            ],
            ZeroFirstChannel(DrawnTensor.Normal("a", 1, 4, 3, 3, 3)),
            LargeFirstInput(DrawnTensor.Normal("b", 2, 4, 4, 3, 3)),
            DrawnTensor.Normal("c", 3, 3, 4, 3, 3)
        );
        // Accuracy is agreement with the float model's answers.
        var options = new QuantizeOptions { CalibrationSet = CompressionCases.Rows(_ml, 60, 432), LatencyBatchSize = 0 };
        using ModelRows rows = CompressionCases.Read(_ml, graph, options, options.CalibrationSet);
        var run = new CompressionRun(_ml, options);
        ModelAnswers answers = ModelAnswers.Of(run, graph, rows);
        options.Measure = model => 1 - answers.ErrorOf(ModelAnswers.Of(run, model, rows));

        CompressedModel all = _ml.Vision().Quantize(graph, options);
        Assert.True(all.Report.AccuracyLoss > 0.2, $"{all.Report.AccuracyLoss}");
        options.MaxAccuracyLoss = 0.05;
        CompressedModel searched = _ml.Vision().Quantize(graph, options);
        Assert.Equal(["q"], searched.Report.KeptLayers);
        Assert.InRange(searched.Report.AccuracyLoss!.Value, 0, 0.05);

        options.MaxAccuracyLoss = 0;
        Assert.Contains("Allow more", Assert.Throws<InvalidOperationException>(() => _ml.Vision().Quantize(graph, options)).Message);

        static OnnxTensor ZeroFirstChannel(OnnxTensor w) =>
            OnnxTensor.FromFloats(w.Name, [.. w.Shape], [.. w.ToFloats().Select((v, i) => i < 27 ? 0 : v)]);
        static OnnxTensor LargeFirstInput(OnnxTensor w) =>
            OnnxTensor.FromFloats(w.Name, [.. w.Shape], [.. w.ToFloats().Select((v, i) => i % 36 == 0 ? 300 : v)]);
    }

    [NeedsBackbones]
    [Theory]
    [InlineData(
        "resnet20_cifar10_bn",
        "DequantizeLinear Flatten Pad QGemm QLinearAdd QLinearConv QLinearGlobalAveragePool QuantizeLinear Slice"
    )]
    [InlineData("squeezenet1.1_224", "DequantizeLinear GlobalAveragePool MaxPool QLinearConcat QLinearConv QuantizeLinear Softmax")]
    [InlineData(
        "keras_export/keras_bn_depthwise",
        "QGemm QLinearConv QLinearGlobalAveragePool QLinearMul QLinearSigmoid QuantizeLinear Softmax Squeeze Transpose"
    )]
    public void Models_compute_in_whole_numbers(string name, string operators)
    {
        OnnxGraph graph = OnnxGraph.Load(SharedData.PathOf("models", name + ".onnx"));
        int size = (int)graph.Inputs[0].Shape!.Skip(1).Aggregate(1L, (product, d) => product * d.Size!.Value);
        string input = graph.Inputs[0].Name;
        IDataView rows = _ml
            .Transforms.CopyColumns(input, "x")
            .Fit(CompressionCases.Rows(_ml, 4, size))
            .Transform(CompressionCases.Rows(_ml, 4, size));
        CompressedModel compressed = _ml.Vision().Quantize(graph, new QuantizeOptions { CalibrationSet = rows, LatencyBatchSize = 0 });
        Assert.Equal(operators, string.Join(' ', CompressionCases.Optimized(compressed.Model).Distinct().Order(StringComparer.Ordinal)));
        Assert.InRange(compressed.Report.OutputError!.Value, 0.001, 0.2);
    }

    private CompressedModel Quantize(OnnxGraph graph, int size, Action<QuantizeOptions>? change = null)
    {
        var options = new QuantizeOptions { CalibrationSet = CompressionCases.Rows(_ml, 32, size), LatencyBatchSize = 0 };
        change?.Invoke(options);
        return _ml.Vision().Quantize(graph, options);
    }
}
