using Microsoft.ML;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Compression.Quantization.Calibration;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Compression;

/// <summary>Quantization-aware fine-tuning: what one scale for all channels spoils, training brings back.</summary>
public sealed class QuantizationFineTuningTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(60);

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Training_brings_the_outputs_back_to_those_of_the_float_model(bool hasSoftmax)
    {
        OnnxGraph graph = Network(hasSoftmax);
        CompressedModel plain = Quantize(graph, null),
            tuned = Quantize(graph, Tuning());
        Assert.True(tuned.Report.OutputError < 0.6 * plain.Report.OutputError, $"{plain.Report.OutputError} -> {tuned.Report.OutputError}");
        Assert.Empty(tuned.Report.Warnings);
        Assert.Contains("fine-tuned", tuned.Report.Method);
        // The same graph with other numbers: nothing of training is left in it.
        Assert.Equal(plain.Model.Nodes.Select(n => n.ToString()), tuned.Model.Nodes.Select(n => n.ToString()));
        Assert.Equal(plain.Model.Initializers.Values.Select(t => t.ToString()), tuned.Model.Initializers.Values.Select(t => t.ToString()));
        Assert.Equal(plain.Model.Initializers["conv1.weight/s"].ToFloats(), tuned.Model.Initializers["conv1.weight/s"].ToFloats());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Trained_weights_stay_within_the_numbers_that_training_rounded_to(bool reduceRange)
    {
        // So large steps that weights would leave their range.
        QuantizationFineTuning tuning = Tuning();
        tuning.LearningRate = 5e-3f;
        CompressedModel tuned = Quantize(
            Network(false),
            tuning,
            options => (options.ReduceRange, options.PerChannel) = (reduceRange, true)
        );
        int beyond = 0;
        foreach (
            OnnxTensor weight in tuned.Model.Initializers.Values.Where(t => t.ElementType == OnnxElementType.Int8 && t.Shape.Count > 1)
        )
        {
            long[] numbers = weight.ToInt64s();
            int inner = numbers.Length / (int)weight.Shape[0];
            foreach (long[] channel in numbers.Chunk(inner))
                beyond += channel.OrderDescending().Take(2).Sum() > 128 || channel.Order().Take(2).Sum() < -128 ? 1 : 0;
        }
        Assert.Equal(reduceRange, beyond == 0);
        Assert.Equal(reduceRange ? "any" : "x64 with VNNI", tuned.Report.Processors!.Split(',')[0]);
    }

    [Fact]
    public void A_rate_that_spoils_the_model_leaves_it_as_it_was_and_says_so()
    {
        QuantizationFineTuning tuning = Tuning();
        (tuning.LearningRate, tuning.Epochs) = (0.5f, 1);
        CompressedModel plain = Quantize(Network(false), null),
            tuned = Quantize(Network(false), tuning);
        Assert.Contains("Lower FineTuning.LearningRate", Assert.Single(tuned.Report.Warnings));
        Assert.Equal(plain.Model.ToBytes(), tuned.Model.ToBytes());
    }

    [Fact]
    public void Rows_of_their_own_can_be_trained_on_and_layers_stay_in_float()
    {
        QuantizationFineTuning tuning = Tuning();
        (tuning.TrainingSet, tuning.Epochs) = (_images.Paths(_ml), 2);
        CompressedModel tuned = Quantize(Network(false), tuning, options => options.NodesToExclude = ["logits"]);
        Assert.Equal(["logits"], tuned.Report.KeptLayers);
        Assert.Contains(
            tuned.Model.Nodes,
            n => n.OpType == "Gemm" && tuned.Model.Initializers[n.Inputs[1]].ElementType == OnnxElementType.Float
        );
    }

    [Fact]
    public void Bad_settings_and_a_fixed_batch_are_errors()
    {
        string message = Assert
            .Throws<ArgumentOutOfRangeException>(() =>
                Quantize(
                    Network(false),
                    new QuantizationFineTuning
                    {
                        Epochs = 0,
                        BatchSize = 0,
                        LearningRate = 0,
                    }
                )
            )
            .Message;
        foreach (string name in new[] { "FineTuning.Epochs", "FineTuning.BatchSize", "FineTuning.LearningRate" })
            Assert.Contains(name, message);
        OnnxGraph graph = Network(false);
        OnnxGraph single = graph with { Inputs = [OnnxValue.Create("x", OnnxElementType.Float, 1, 3, 16, 16)] };
        Assert.Contains("fixed to a batch", Assert.Throws<InvalidOperationException>(() => Quantize(single, Tuning())).Message);
        var defaults = new QuantizationFineTuning();
        Assert.Equal((5, 32, 2e-5f), (defaults.Epochs, defaults.BatchSize, defaults.LearningRate));
    }

    private static QuantizationFineTuning Tuning() =>
        new()
        {
            Epochs = 30,
            BatchSize = 10,
            LearningRate = 1e-3f,
        };

    private CompressedModel Quantize(OnnxGraph graph, QuantizationFineTuning? tuning, Action<QuantizeOptions>? change = null)
    {
        var options = new QuantizeOptions
        {
            CalibrationSet = _images.Paths(_ml),
            Preprocessing = new()
            {
                Width = 16,
                Height = 16,
                CropFraction = 1,
            },
            LatencyBatchSize = 0,
            Threads = 1,
            PerChannel = false,
            CorrectBias = false,
            Calibration = new MinMaxCalibration(),
            FineTuning = tuning,
        };
        change?.Invoke(options);
        return _ml.Vision().Quantize(graph, options);
    }

    /// <summary>A network whose first layer has one channel of very large weights, which the next makes small again.</summary>
    private static OnnxGraph Network(bool hasSoftmax)
    {
        OnnxGraph graph = SmallCnn.Create(3);
        float[] first = [.. graph.Initializers["conv1.weight"].ToFloats().Select((v, i) => i < 27 ? 60 * v : v)];
        float[] second = [.. graph.Initializers["conv2.weight"].ToFloats().Select((v, i) => i / 9 % 8 == 0 ? v / 60 : v)];
        graph = BatchNormFolding.Apply(
            EliminateIdentity.Apply(
                graph.WithWeights(
                    new Dictionary<string, OnnxTensor>
                    {
                        ["conv1.weight"] = OnnxTensor.FromFloats("conv1.weight", [8, 3, 3, 3], first),
                        ["conv2.weight"] = OnnxTensor.FromFloats("conv2.weight", [8, 8, 3, 3], second),
                    }
                )
            )
        );
        return hasSoftmax
            ? graph with
            {
                Nodes = [.. graph.Nodes, OnnxNode.Create("Softmax", ["logits"], ["p"], OnnxAttribute.Of("axis", 1L))],
                Outputs = [OnnxValue.Create("p", OnnxElementType.Float, -1, 3)],
            }
            : graph;
    }
}
