using Microsoft.ML;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Compression.Quantization.Calibration;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.Tests.Backbones;
using MLNetExtensions.Tests.Trainers;
using Xunit;

namespace MLNetExtensions.Tests.Compression.Quantization;

public sealed class QuantizeBadInputTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly OnnxGraph _graph = PassCases.Graph(
        [-1, 12],
        [OnnxNode.Create("Gemm", ["x", "w"], ["y"])],
        DrawnTensor.Normal("w", 1, 12, 3)
    );

    [Fact]
    public void Defaults_are_as_documented()
    {
        var options = new QuantizeOptions();
        Assert.Null(options.CalibrationSet);
        Assert.Null(options.EvaluationSet);
        Assert.Equal("Label", options.LabelColumnName);
        Assert.Equal("Image", options.ImageColumnName);
        Assert.IsType<MeanSquaredErrorCalibration>(options.Calibration);
        Assert.Equal(99.99, new PercentileCalibration().Percentile);
        Assert.Equal(QuantizedType.UInt8, options.ActivationType);
        Assert.True(options.PerChannel);
        Assert.True(options.CorrectBias);
        Assert.True(options.ReduceRange);
        Assert.Equal(QuantizedType.SymmetricInt8, options.WeightType);
        var dynamic = new DynamicQuantizeOptions();
        Assert.Equal((true, true, QuantizedType.SymmetricInt8), (dynamic.PerChannel, dynamic.ReduceRange, dynamic.WeightType));
        Assert.Null(options.MaxAccuracyLoss);
        Assert.Empty(options.NodesToExclude);
        Assert.Equal(1, options.LatencyBatchSize);
        Assert.Equal(1L << 30, options.MemoryBudget);
    }

    [Fact]
    public void All_that_is_wrong_with_options_is_in_one_message()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Vision()
                .Quantize(
                    _graph,
                    new QuantizeOptions
                    {
                        Calibration = new PercentileCalibration(40),
                        MaxAccuracyLoss = 0.01,
                        LatencyBatchSize = -1,
                        Threads = 0,
                        WeightType = QuantizedType.Int8,
                    }
                )
        );
        foreach (
            string name in new[]
            {
                "CalibrationSet is not set",
                "Calibration must",
                "MaxAccuracyLoss",
                "LatencyBatchSize",
                "Threads",
                "WeightType",
            }
        )
            Assert.Contains(name, error.Message);
    }

    [Fact]
    public void Rows_of_another_size_are_an_error_that_tells_both()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Quantize(CompressionCases.Rows(_ml, 5, 13)));
        Assert.Contains("column 'x' (13 a row)", error.Message);
        Assert.Contains("x Float[batch,12]", error.Message);
    }

    [Fact]
    public void Pixels_of_another_size_are_an_error_that_tells_both()
    {
        var options = new QuantizeOptions
        {
            CalibrationSet = CompressionCases.Rows(_ml, 5, 3 * 7 * 7),
            ImageColumnName = "x",
            Preprocessing = new ImagePreprocessing
            {
                Width = 8,
                Height = 8,
                CropFraction = 1,
            },
        };
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Vision().Quantize(SmallNetwork.Create(-1, 3, 8, 8), options));
        Assert.Contains("Vector<Single, 3, 8, 8>", error.Message);
        Assert.Contains("147", error.Message);
    }

    [Fact]
    public void A_missing_column_is_an_error_that_lists_those_there()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            Quantize(_ml.Transforms.DropColumns("x").Fit(CompressionCases.Rows(_ml, 5, 12)).Transform(CompressionCases.Rows(_ml, 5, 12)))
        );
        Assert.Contains("'x'", error.Message);
        Assert.Contains("Label", error.Message);
    }

    [Fact]
    public void No_rows_and_rows_of_one_class_are_errors()
    {
        Assert.Contains(
            "calibration set is empty",
            Assert.Throws<InvalidOperationException>(() => Quantize(CompressionCases.Rows(_ml, 0, 12))).Message
        );
        Assert.Contains(
            "All 5 calibration rows",
            Assert.Throws<InvalidOperationException>(() => Quantize(CompressionCases.Rows(_ml, 5, 12, classes: 1))).Message
        );
    }

    [Fact]
    public void A_model_without_layers_and_an_unknown_layer_are_errors()
    {
        OnnxGraph empty = PassCases.Graph([-1, 12], [OnnxNode.Create("Relu", ["x"], ["y"])]);
        var options = new QuantizeOptions { CalibrationSet = CompressionCases.Rows(_ml, 5, 12) };
        Assert.Contains(
            "Its operators are Relu",
            Assert.Throws<InvalidOperationException>(() => _ml.Vision().Quantize(empty, options)).Message
        );
        options.NodesToExclude = ["z"];
        Assert.Contains("names 'z'", Assert.Throws<ArgumentException>(() => _ml.Vision().Quantize(_graph, options)).Message);
    }

    [Fact]
    public void A_model_with_an_operator_that_nothing_knows_is_an_error()
    {
        OnnxGraph odd = _graph with
        {
            Nodes = [_graph.Nodes[0] with { Name = "", Outputs = ["a"] }, OnnxNode.Create("Oddity", ["a"], ["y"])],
        };
        var error = Assert.Throws<OnnxFormatException>(() =>
            _ml.Vision().Quantize(odd, new QuantizeOptions { CalibrationSet = CompressionCases.Rows(_ml, 5, 12) })
        );
        Assert.Contains("Oddity", error.Message);
    }

    [Fact]
    public void An_evaluation_set_needs_a_label_that_is_a_key()
    {
        var options = new QuantizeOptions
        {
            CalibrationSet = CompressionCases.Rows(_ml, 5, 12),
            EvaluationSet = CompressionCases.Rows(_ml, 5, 12),
            LabelColumnName = "x",
        };
        Assert.Contains("expected Key", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Vision().Quantize(_graph, options)).Message);
    }

    [Fact]
    public void A_model_that_is_quantized_already_has_no_layer_left()
    {
        var options = new QuantizeOptions { CalibrationSet = CompressionCases.Rows(_ml, 5, 12), LatencyBatchSize = 0 };
        OnnxGraph once = _ml.Vision().Quantize(_graph, options).Model;
        Assert.Contains(
            "no layer to quantize",
            Assert.Throws<InvalidOperationException>(() => _ml.Vision().Quantize(once, options)).Message
        );
    }

    [Fact]
    public void A_canceled_call_ends()
    {
        var options = new QuantizeOptions
        {
            CalibrationSet = CompressionCases.Rows(_ml, 5, 12),
            CancellationToken = new CancellationToken(canceled: true),
        };
        Assert.Throws<OperationCanceledException>(() => _ml.Vision().Quantize(_graph, options));
    }

    [Fact]
    public void An_image_that_cannot_be_read_is_an_error_or_passed_over()
    {
        using var images = new ColorImages(6);
        images.Rows[2].Image = "missing.png";
        var options = new QuantizeOptions
        {
            CalibrationSet = images.Paths(_ml),
            Preprocessing = new ImagePreprocessing { Width = 8, Height = 8 },
            LatencyBatchSize = 0,
        };
        OnnxGraph graph = SmallNetwork.Create(-1, 3, 8, 8);
        Assert.Throws<InvalidImageException>(() => _ml.Vision().Quantize(graph, options));
        options.MaxInvalidImages = 1;
        Assert.Contains("5 rows", _ml.Vision().Quantize(graph, options).Report.Method);
    }

    private void Quantize(IDataView rows) => _ml.Vision().Quantize(_graph, new QuantizeOptions { CalibrationSet = rows });
}
