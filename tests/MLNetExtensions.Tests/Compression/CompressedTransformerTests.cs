using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Float16;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Tests.Compression;

/// <summary>A trained transformer's model is quantized, and takes its place.</summary>
public sealed class CompressedTransformerTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(30);

    public void Dispose() => _images.Dispose();

    [Fact]
    public void A_quantized_model_scores_and_is_saved_in_the_transformer()
    {
        IDataView view = _images.Paths(_ml);
        using FineTuneTransformer transformer = Classifier(view);
        CompressedModel compressed = Quantize(transformer, view);
        Assert.Contains(compressed.Model.Nodes, n => n.OpType == "DequantizeLinear");
        Assert.Equal(1, compressed.Report.AccuracyBefore);
        Assert.Equal(1, compressed.Report.AccuracyAfter);
        Assert.Equal(transformer.Model.Metadata, compressed.Model.Metadata);

        using FineTuneTransformer quantized = transformer.WithModel(compressed.Model);
        Assert.Equal(1, _ml.MulticlassClassification.Evaluate(quantized.Transform(view)).MicroAccuracy);
        Assert.Same(transformer.Result, quantized.Result);

        using var reloaded = new ReloadedModels();
        ITransformer loaded = reloaded.Of(_ml, quantized, view.Schema);
        float[][] expected = [.. quantized.Transform(view).GetColumn<float[]>("Score")],
            actual = [.. loaded.Transform(view).GetColumn<float[]>("Score")];
        for (int row = 0; row < expected.Length; row++)
        for (int c = 0; c < 3; c++)
            Assert.Equal(expected[row][c], actual[row][c], 1e-5f);
    }

    [Fact]
    public void A_model_of_other_outputs_is_refused()
    {
        IDataView view = _images.Paths(_ml);
        using FineTuneTransformer transformer = Classifier(view);
        OnnxGraph other = transformer.Model with { Outputs = [.. transformer.Model.Outputs.Skip(1)] };
        Assert.Contains(
            "expected those of this transformer's model",
            Assert.Throws<ArgumentException>(() => transformer.WithModel(other)).Message
        );
    }

    [Theory]
    [InlineData(Float16Mode.Weights)]
    [InlineData(Float16Mode.Graph)]
    public void A_model_of_16_bit_floats_scores_and_is_saved_in_the_transformer(Float16Mode mode)
    {
        IDataView view = _images.Paths(_ml);
        using FineTuneTransformer transformer = Classifier(view, width: 30);
        OnnxGraph half = _ml.Vision().ToFloat16(transformer.Model, new Float16Options { Mode = mode }).Model;
        Assert.Contains(half.Initializers.Values, t => t.ElementType == OnnxElementType.Float16);
        using FineTuneTransformer small = transformer.WithModel(half);
        Assert.Equal(1, _ml.MulticlassClassification.Evaluate(small.Transform(view)).MicroAccuracy);
        using var reloaded = new ReloadedModels();
        IDataView scored = reloaded.Of(_ml, small, view.Schema).Transform(view);
        Assert.Equal(
            small.Transform(view).GetColumn<float[]>("Score").SelectMany(s => s),
            scored.GetColumn<float[]>("Score").SelectMany(s => s),
            (a, b) => Math.Abs(a - b) < 1e-3f
        );
        Assert.Equal(small.Transform(view).GetColumn<uint>("PredictedLabel"), scored.GetColumn<uint>("PredictedLabel"));
    }

    [Fact]
    public void A_model_of_an_old_opset_is_made_smaller_with_its_labels()
    {
        IDataView view = _images.Paths(_ml);
        using FineTuneTransformer transformer = Classifier(view, opset: 11);
        foreach (
            OnnxGraph small in new[]
            {
                Quantize(transformer, view).Model,
                _ml.Vision().QuantizeDynamic(transformer.Model).Model,
                _ml.Vision().ToFloat16(transformer.Model).Model,
                _ml.Vision().ToFloat16(transformer.Model, new Float16Options { Mode = Float16Mode.Graph }).Model,
            }
        )
        {
            using FineTuneTransformer changed = transformer.WithModel(small);
            Assert.Equal(1, _ml.MulticlassClassification.Evaluate(changed.Transform(view)).MicroAccuracy);
            using var reloaded = new ReloadedModels();
            IDataView scored = reloaded.Of(_ml, changed, view.Schema).Transform(view);
            VBuffer<ReadOnlyMemory<char>> slots = default;
            scored.Schema["Score"].GetSlotNames(ref slots);
            Assert.Equal(ColorImages.Names, slots.DenseValues().Select(s => s.ToString()));
        }
    }

    private CompressedModel Quantize(FineTuneTransformer transformer, IDataView view) =>
        _ml.Vision()
            .Quantize(
                transformer.Model,
                new QuantizeOptions
                {
                    CalibrationSet = view,
                    EvaluationSet = view,
                    LatencyBatchSize = 0,
                }
            );

    /// <summary>The class of the strongest channel, by a convolution and a matrix.</summary>
    private FineTuneTransformer Classifier(IDataView view, int width = 3, int opset = 17)
    {
        float[] kernel = new float[width * 3 * 4],
            matrix = new float[width * 3];
        for (int c = 0; c < 3; c++)
        {
            Array.Fill(kernel, 0.25f, (c * 3 + c) * 4, 4);
            matrix[c * 3 + c] = 3;
        }
        OnnxGraph network = TinyClassifier.Network();
        network = network with
        {
            Opsets = new Dictionary<string, int> { [""] = opset },
            Nodes =
            [
                OnnxNode.Create("Conv", ["input", "kernel"], ["c"]),
                OnnxNode.Create("Relu", ["c"], ["r"]),
                OnnxNode.Create("GlobalAveragePool", ["r"], ["p"]),
                OnnxNode.Create("Flatten", ["p"], ["f"]),
                OnnxNode.Create("Gemm", ["f", "matrix"], ["logits"]),
            ],
            Initializers = new OrderedDictionary<string, OnnxTensor>
            {
                ["kernel"] = OnnxTensor.FromFloats("kernel", [width, 3, 2, 2], kernel),
                ["matrix"] = OnnxTensor.FromFloats("matrix", [width, 3], matrix),
            },
        };
        return TinyClassifier.Transformer(_ml, view.Schema, network);
    }
}
