using Microsoft.ML;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Float16;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.TestData.Needs;
using Xunit;

namespace MLNetExtensions.Tests.Compression.Float16;

public sealed class ToFloat16Tests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Defaults_are_as_documented()
    {
        var options = new Float16Options();
        Assert.Equal(Float16Mode.Weights, options.Mode);
        Assert.Contains("Softmax", options.FloatOperators);
    }

    [NeedsBackbones]
    [Theory]
    [InlineData("resnet20_cifar10_bn")]
    [InlineData("mobilenetv2_1.0_224_bn")]
    [InlineData("efficientnet_lite0_224_bn")]
    [InlineData("squeezenet1.1_224")]
    public void Weights_take_half_of_the_room(string name)
    {
        OnnxGraph graph = OnnxGraph.Load(SharedData.PathOf("models", name + ".onnx"));
        CompressedModel half = _ml.Vision().ToFloat16(graph);
        Assert.InRange(half.Report.SizeRatio, 1.8, 2);
        PassCases.AssertSame(graph, half.Model, 0.01);
    }

    [NeedsBackbones]
    [Theory]
    [InlineData("resnet20_cifar10_bn")]
    [InlineData("mobilenetv2_1.0_224_bn")]
    [InlineData("efficientnet_lite0_224_bn")]
    [InlineData("squeezenet1.1_224")]
    [InlineData("keras_export/keras_bn_depthwise")]
    public void The_whole_graph_computes_in_16_bits_between_float_inputs_and_outputs(string name)
    {
        OnnxGraph graph = OnnxGraph.Load(SharedData.PathOf("models", name + ".onnx"));
        CompressedModel half = _ml.Vision().ToFloat16(graph, new Float16Options { Mode = Float16Mode.Graph });
        Assert.All(half.Model.Inputs.Concat(half.Model.Outputs), v => Assert.Equal(OnnxElementType.Float, v.ElementType));
        Assert.DoesNotContain(half.Model.Initializers.Values, t => t.ElementType == OnnxElementType.Float);
        // At the input, and at the output or before the Softmax there.
        Assert.Equal(2, half.Model.Nodes.Count(n => n.OpType == "Cast"));
        PassCases.AssertSame(graph, half.Model, 0.02);
    }

    [Fact]
    public void Operators_without_a_16_bit_form_get_casts_around_them()
    {
        OnnxGraph graph = PassCases.Graph(
            [-1, 3, 6, 6],
            [
                OnnxNode.Create("Conv", ["x", "w"], ["a"]),
                OnnxNode.Create("CumSum", ["a", "axis"], ["b"]),
                OnnxNode.Create("Shape", ["b"], ["s"]),
                OnnxNode.Create("Gather", ["s", "axis"], ["c"]),
                OnnxNode.Create("Relu", ["b"], ["d"]),
                OnnxNode.Create("Flatten", ["d"], ["y"]),
            ],
            DrawnTensor.Normal("w", 1, 4, 3, 3, 3),
            OnnxTensor.FromInt64s("axis", [], [1])
        );
        OnnxGraph half = _ml.Vision().ToFloat16(graph, new Float16Options { Mode = Float16Mode.Graph }).Model;
        Assert.Equal(4, half.Nodes.Count(n => n.OpType == "Cast"));
        PassCases.AssertSame(graph, half, 0.01);
        OnnxGraph kept = _ml.Vision()
            .ToFloat16(graph, new Float16Options { Mode = Float16Mode.Graph, FloatOperators = ["Conv", "Relu", "Flatten"] })
            .Model;
        Assert.Equal(graph.Nodes.Count - 2, kept.Nodes.Count);
    }

    [Fact]
    public void Values_beyond_the_range_are_cut_and_told()
    {
        OnnxGraph graph = PassCases.Graph(
            [-1, 70],
            [OnnxNode.Create("Mul", ["x", "k"], ["y"])],
            OnnxTensor.FromFloats("k", [70], [1e6f, .. Enumerable.Repeat(1f, 69)])
        );
        CompressionReport report = _ml.Vision().ToFloat16(graph).Report;
        Assert.Contains("1 of 70 values of 'k'", Assert.Single(report.Warnings));
        Assert.Contains("warning", report.ToString());
    }

    [Fact]
    public void The_report_measures_an_evaluation_set()
    {
        OnnxGraph graph = PassCases.Graph([-1, 40], [OnnxNode.Create("Gemm", ["x", "w"], ["y"])], DrawnTensor.Normal("w", 1, 40, 3));
        CompressionReport report = _ml.Vision()
            .ToFloat16(graph, new Float16Options { EvaluationSet = CompressionCases.Rows(_ml, 30, 40) })
            .Report;
        Assert.InRange(report.OutputError!.Value, 1e-6, 1e-3);
        Assert.Equal(report.AccuracyBefore!.Value, report.AccuracyAfter!.Value, 0.1);
    }

    [Fact]
    public void Open_sizes_are_an_error_that_says_what_to_give()
    {
        OnnxGraph graph = PassCases.Graph([-1, 3, -1, -1], [OnnxNode.Create("Relu", ["x"], ["y"])]);
        Assert.Contains(
            "Preprocessing",
            Assert.Throws<OnnxFormatException>(() => _ml.Vision().ToFloat16(graph, new Float16Options { Mode = Float16Mode.Graph })).Message
        );
    }
}
