using Microsoft.ML;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Float16;
using MLNetExtensions.Compression.Pruning;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Export.Opsets;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Tests.Compression;

/// <summary>Graphs with something that few have, through everything that rewrites graphs.</summary>
public sealed class AnyGraphTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (
                string graph in new[]
                {
                    "topk",
                    "topk of opset 9",
                    "layer-norm",
                    "dilated pool",
                    "bn in training mode",
                    "bn of opset 9 in training mode",
                    "labels",
                    "labels of opset 9",
                }
            )
            foreach (string step in new[] { "quantize", "dynamic", "weights", "half", "prune", "export" })
                // An export keeps what a graph computes, also in training mode, or says that it cannot.
                if (step != "export" || !graph.StartsWith("bn", StringComparison.Ordinal))
                    cases.Add(graph, step);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_answers_stay_close(string name, string step)
    {
        OnnxGraph graph = Graph(name),
            expected = name.StartsWith("bn", StringComparison.Ordinal) ? Graph("bn") : graph;
        (OnnxGraph made, double tolerance) = step switch
        {
            "quantize" => (
                Report(
                    _ml.Vision()
                        .Quantize(graph, new QuantizeOptions { CalibrationSet = CompressionCases.Rows(_ml, 32, 192), LatencyBatchSize = 0 })
                ),
                0.1
            ),
            "dynamic" => (Report(_ml.Vision().QuantizeDynamic(graph)), 0.05),
            "weights" => (Report(_ml.Vision().ToFloat16(graph)), 0.01),
            "half" => (Report(_ml.Vision().ToFloat16(graph, new Float16Options { Mode = Float16Mode.Graph })), 0.02),
            // Nothing is as good as before with fewer channels: that the graph runs is what is asked.
            "prune" => (
                Report(_ml.Vision().Prune(graph, new PruneOptions { TargetMacsFraction = 0.7, LatencyBatchSize = 0 })),
                double.PositiveInfinity
            ),
            _ => (OpsetConversion.Convert(graph, name.Contains("dilated", StringComparison.Ordinal) ? 20 : 17), 1e-4),
        };
        Assert.Equal(graph.Outputs.Select(o => o.Name), made.Outputs.Select(o => o.Name));
        Assert.Equal(graph.Nodes.Count(n => n.Domain.Length > 0), made.Nodes.Count(n => n.Domain.Length > 0));
        OrtRunner.AssertClose(First(expected), First(made), tolerance);

        OnnxGraph Report(CompressedModel compressed)
        {
            // A BatchNorm that would train is told of.
            Assert.Equal(name.StartsWith("bn", StringComparison.Ordinal), compressed.Report.Warnings.Any(w => w.Contains("training mode")));
            return compressed.Model;
        }

        static OnnxTensor First(OnnxGraph graph) =>
            OrtRunner.Run(
                graph with
                {
                    Outputs = [graph.Outputs[0]],
                },
                new Dictionary<string, OnnxTensor> { ["x"] = DrawnTensor.Normal("x", 9, 4, 3, 8, 8) }
            )[0];
    }

    [Theory]
    [InlineData("named", false)]
    [InlineData("c", false)]
    [InlineData("c", true)]
    public void A_layer_is_left_out_by_the_name_that_it_has_in_the_file_or_that_of_its_output(string wanted, bool isNameless)
    {
        // Behind the layer a BatchNorm is folded into it, whose output it then makes; and the graph is raised to a newer opset.
        OnnxGraph graph = Graph("bn") with
        {
            Opsets = new Dictionary<string, int> { [""] = 7 },
        };
        graph = graph with { Nodes = [.. graph.Nodes.Select(n => n.Outputs[0] == "c" ? n with { Name = isNameless ? "" : "named" } : n)] };
        CompressedModel compressed = _ml.Vision()
            .Quantize(
                graph,
                new QuantizeOptions
                {
                    CalibrationSet = CompressionCases.Rows(_ml, 16, 192),
                    NodesToExclude = [wanted],
                    LatencyBatchSize = 0,
                }
            );
        Assert.Equal([isNameless ? "c" : "named"], compressed.Report.KeptLayers);
        Assert.Equal(["a", "y"], compressed.Report.CompressedLayers);
        CompressionReport pruned = _ml.Vision()
            .Prune(
                graph,
                new PruneOptions
                {
                    IgnoredLayers = [wanted],
                    TargetMacsFraction = 0.8,
                    LatencyBatchSize = 0,
                }
            )
            .Report;
        Assert.Contains(isNameless ? "c" : "named", pruned.KeptLayers);
    }

    [Theory]
    [InlineData("quantize", 17)]
    [InlineData("quantize", 11)]
    [InlineData("dynamic", 11)]
    [InlineData("half", 17)]
    [InlineData("prune", 17)]
    [InlineData("export", 11)]
    public void A_graph_that_takes_one_row_but_leaves_their_number_open_becomes_one_for_one_row(string step, int opset)
    {
        OnnxGraph graph = Graph("reshape of one") with { Opsets = new Dictionary<string, int> { [""] = opset } };
        OnnxGraph made = step switch
        {
            "quantize" => _ml.Vision()
                .Quantize(graph, new QuantizeOptions { CalibrationSet = CompressionCases.Rows(_ml, 32, 192), LatencyBatchSize = 0 })
                .Model,
            "dynamic" => _ml.Vision().QuantizeDynamic(graph).Model,
            "half" => _ml.Vision().ToFloat16(graph, new Float16Options { Mode = Float16Mode.Graph }).Model,
            "prune" => _ml.Vision().Prune(graph, new PruneOptions { TargetMacsFraction = 0.7, LatencyBatchSize = 0 }).Model,
            _ => OpsetConversion.Convert(graph, 17),
        };
        var input = new Dictionary<string, OnnxTensor> { ["x"] = DrawnTensor.Normal("x", 9, 1, 3, 8, 8) };
        Assert.Equal(1, made.Inputs[0].Shape![0].Size);
        OrtRunner.AssertClose(
            OrtRunner.Run(graph, input)[0],
            OrtRunner.Run(made, input)[0],
            step == "prune" ? double.PositiveInfinity : 0.1
        );
    }

    /// <summary>Two convolutions and a matrix with something between them, from 3 x 8 x 8 values to scores.</summary>
    private static OnnxGraph Graph(string name)
    {
        OnnxAttribute same = OnnxAttribute.Of("pads", 1L, 1, 1, 1);
        OnnxNode[] between = name switch
        {
            // Only the values are read.
            "topk" => [OnnxNode.Create("TopK", ["c", "k"], ["d", "indices"], OnnxAttribute.Of("axis", 3L))],
            "topk of opset 9" =>
            [
                OnnxNode.Create("TopK", ["c"], ["d", "indices"], OnnxAttribute.Of("axis", 3L), OnnxAttribute.Of("k", 8L)),
            ],
            "layer-norm" =>
            [
                OnnxNode.Create("LayerNormalization", ["c", "scale", "shift"], ["n", "mean", "deviation"], OnnxAttribute.Of("axis", 3L)),
                OnnxNode.Create("Mul", ["n", "deviation"], ["d"]),
            ],
            "dilated pool" =>
            [
                OnnxNode.Create(
                    "AveragePool",
                    ["c"],
                    ["d"],
                    OnnxAttribute.Of("kernel_shape", 3L, 3),
                    OnnxAttribute.Of("dilations", 2L, 2),
                    OnnxAttribute.Of("pads", 2L, 2, 2, 2)
                ),
            ],
            "bn in training mode" =>
            [
                PassCases.NormNode("c", "n", "d").With(OnnxAttribute.Of("training_mode", 1L)) with
                {
                    Outputs = ["d", "mean", "var"],
                },
            ],
            "bn of opset 9 in training mode" =>
            [
                PassCases.NormNode("c", "n", "d") with
                {
                    Outputs = ["d", "mean", "var", "saved_mean", "saved_var"],
                },
            ],
            _ => [PassCases.NormNode("c", "n", "d")],
        };
        bool isLabeled = name.StartsWith("labels", StringComparison.Ordinal);
        OnnxNode[] labels =
        [
            OnnxNode.Create("ArgMax", ["y"], ["index"], OnnxAttribute.Of("axis", 1L)),
            OnnxNode.Create(
                "LabelEncoder",
                ["index"],
                ["label"],
                OnnxAttribute.Of("keys_int64s", 0L, 1, 2),
                OnnxAttribute.Of("values_strings", "a", "b", "c")
            ) with
            {
                Domain = "ai.onnx.ml",
            },
            OnnxNode.Create(
                "LabelEncoder",
                ["slots"],
                ["unread"],
                OnnxAttribute.Of("keys_strings", "a", "b", "c"),
                OnnxAttribute.Of("values_int64s", 0L, 1, 2)
            ) with
            {
                Domain = "ai.onnx.ml",
            },
        ];
        OnnxNode[] nodes =
        [
            OnnxNode.Create("Conv", ["x", "w"], ["a"], same),
            OnnxNode.Create("Relu", ["a"], ["b"]),
            OnnxNode.Create("Conv", ["b", "v"], ["c"], same),
            .. between,
            OnnxNode.Create("GlobalAveragePool", ["d"], ["e"]),
            name == "reshape of one" ? OnnxNode.Create("Reshape", ["e", "row"], ["f"]) : OnnxNode.Create("Flatten", ["e"], ["f"]),
            OnnxNode.Create("Gemm", ["f", "g", "bias"], ["y"]),
            .. isLabeled ? labels : [],
        ];
        OnnxGraph graph = PassCases.Graph(
            [-1, 3, 8, 8],
            nodes,
            [
                DrawnTensor.Normal("w", 1, 16, 3, 3, 3),
                DrawnTensor.Normal("v", 2, 16, 16, 3, 3),
                DrawnTensor.Normal("g", 3, 16, 3),
                DrawnTensor.Normal("bias", 4, 3),
                OnnxTensor.FromInt64s("k", [1], [8]),
                OnnxTensor.FromInt64s("row", [2], [1, 16]),
                DrawnTensor.Normal("scale", 5, 8),
                DrawnTensor.Normal("shift", 6, 8),
                OnnxTensor.FromStrings("slots", [1], ["a"]),
                .. PassCases.Norm("n", 16),
            ]
        );
        int opset =
            name.Contains("opset 9", StringComparison.Ordinal) ? 9
            : name == "dilated pool" ? 19
            : 17;
        HashSet<string> used = [.. nodes.SelectMany(n => n.Inputs)];
        return graph with
        {
            Opsets = new Dictionary<string, int> { [""] = opset, ["ai.onnx.ml"] = 2 },
            Initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers.Where(i => used.Contains(i.Key))),
            Outputs = isLabeled
                ? [OnnxValue.Create("y", OnnxElementType.Float, -1, 3), OnnxValue.Create("label", OnnxElementType.String, -1, 1)]
                : [OnnxValue.Create("y", OnnxElementType.Float, -1, 3)],
        };
    }
}
