using Microsoft.ML;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Tests.Compression.Quantization;

public sealed class DynamicQuantizationTests
{
    private readonly MLContext _ml = new(seed: 1);

    private readonly OnnxGraph _graph = PassCases.Graph(
        [-1, 40],
        [
            OnnxNode.Create("Gemm", ["x", "w", "b"], ["a"], OnnxAttribute.Of("transB", 1L)),
            OnnxNode.Create("Relu", ["a"], ["r"]),
            OnnxNode.Create("MatMul", ["r", "m"], ["p"]),
            OnnxNode.Create("Gemm", ["r", "v"], ["q"]),
            OnnxNode.Create("Add", ["p", "q"], ["y"]),
        ],
        DrawnTensor.Normal("w", 1, 30, 40),
        DrawnTensor.Normal("b", 2, 30),
        DrawnTensor.Normal("m", 3, 30, 3),
        DrawnTensor.Normal("v", 4, 30, 3)
    );

    [Fact]
    public void Products_are_done_in_whole_numbers_and_answers_stay_close()
    {
        CompressedModel compressed = _ml.Vision().QuantizeDynamic(_graph);
        Assert.Equal(2, compressed.Model.Nodes.Count(n => n.OpType == "DynamicQuantizeLinear"));
        Assert.Equal(3, compressed.Model.Nodes.Count(n => n.OpType == "MatMulInteger"));
        Assert.DoesNotContain(CompressionCases.Optimized(compressed.Model), o => o is "MatMulInteger" or "Gemm" or "MatMul");
        Dictionary<string, OnnxTensor> input = new() { ["x"] = DrawnTensor.Normal("x", 5, 7, 40) };
        OrtRunner.AssertClose(OrtRunner.Run(_graph, input)[0], OrtRunner.Run(compressed.Model, input)[0], 0.03);
        Assert.True(compressed.Report.SizeRatio > 2, $"{compressed.Report}");
        Assert.Equal(["a", "p", "q"], compressed.Report.CompressedLayers);
        Assert.Null(compressed.Report.OutputError);
        CompressionCases.AssertFitsIn16Bits(compressed.Model);
        Assert.Equal("any", compressed.Report.Processors);
    }

    [Fact]
    public void Weights_of_8_bits_and_unsigned_ones_are_options()
    {
        CompressedModel full = _ml.Vision().QuantizeDynamic(_graph, new DynamicQuantizeOptions { ReduceRange = false });
        Assert.Contains(full.Model.Initializers["w/q"].ToInt64s(), n => Math.Abs(n) == 127);
        Assert.Contains("VNNI", full.Report.Processors);
        CompressedModel unsigned = _ml.Vision().QuantizeDynamic(_graph, new DynamicQuantizeOptions { WeightType = QuantizedType.UInt8 });
        Assert.Equal(full.Model.Initializers["w/q"].ToInt64s().Select(n => n + 128), unsigned.Model.Initializers["w/q"].ToInt64s());
        Assert.Equal("any", unsigned.Report.Processors);
        Dictionary<string, OnnxTensor> input = new() { ["x"] = DrawnTensor.Normal("x", 5, 7, 40) };
        OrtRunner.AssertClose(OrtRunner.Run(_graph, input)[0], OrtRunner.Run(unsigned.Model, input)[0], 0.03);
    }

    [Fact]
    public void The_report_measures_an_evaluation_set()
    {
        CompressionReport report = _ml.Vision()
            .QuantizeDynamic(
                _graph,
                new DynamicQuantizeOptions { EvaluationSet = CompressionCases.Rows(_ml, 30, 40), NodesToExclude = ["p"] }
            )
            .Report;
        Assert.InRange(report.OutputError!.Value, 1e-4, 0.05);
        Assert.InRange(report.AccuracyAfter!.Value, report.AccuracyBefore!.Value - 0.1, report.AccuracyBefore.Value + 0.1);
        // The times of one row are whole ticks, of a few microseconds.
        Assert.InRange(report.Speedup!.Value / (report.LatencyBefore!.Value / report.LatencyAfter!.Value), 0.5, 2);
        Assert.Equal(["p"], report.KeptLayers);
        Assert.Contains("2 compressed, 1 kept: p", report.ToString());
    }

    [Fact]
    public void A_model_of_convolutions_only_is_an_error()
    {
        OnnxGraph conv = PassCases.Graph(
            [-1, 3, 6, 6],
            [OnnxNode.Create("Conv", ["x", "w"], ["y"])],
            DrawnTensor.Normal("w", 1, 4, 3, 3, 3)
        );
        Assert.Contains("no Gemm or MatMul", Assert.Throws<InvalidOperationException>(() => _ml.Vision().QuantizeDynamic(conv)).Message);
    }
}
