using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.Serving;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FeatureExtraction;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Sessions;

/// <summary>
/// A network that takes something of the whole batch, in every step that scores in batches: an image's scores are those that it gets alone.
/// </summary>
public sealed class RowByRowStepsTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(40);
    private readonly ReloadedModels _reloaded = new();
    private readonly List<string> _warnings = [];

    public RowByRowStepsTests() =>
        _ml.Log += (_, e) =>
        {
            if (e.RawMessage.Contains("row by row", StringComparison.Ordinal))
                lock (_warnings)
                    _warnings.Add(e.RawMessage);
        };

    public void Dispose()
    {
        _reloaded.Dispose();
        _images.Dispose();
    }

    [Fact]
    public async Task Trained_models_and_predictors_score_row_by_row()
    {
        IDataView view = _images.Bytes(_ml);
        using FineTuneTransformer trained = TinyClassifier.Transformer(_ml, view.Schema, Quantizing());
        byte[][] encoded = [.. _images.Rows.Select(r => File.ReadAllBytes(r.Image))];
        float[][] alone;
        using (
            PredictionEngine<Photo, Scored> engine = _ml.Model.CreatePredictionEngine<Photo, Scored>(
                trained,
                new PredictionEngineOptions { OwnsTransformer = false }
            )
        )
            alone = [.. encoded.Select(e => engine.Predict(new Photo { Image = e }).Score)];

        Assert.Equal(alone, trained.Transform(view).GetColumn<float[]>("Score"));
        Assert.Contains(
            "DynamicQuantizeLinear 'quantized' takes one range for all rows",
            Assert.Single(_warnings),
            StringComparison.Ordinal
        );

        using VisionPredictor predictor = _ml.Model.CreateVisionPredictor(
            trained,
            new VisionPredictorOptions { MaxDelay = TimeSpan.FromMilliseconds(20) }
        );
        VisionPrediction[] served = await Task.WhenAll(
            encoded.Select(e => predictor.PredictAsync(e, TestContext.Current.CancellationToken))
        );
        Assert.Equal(alone, served.Select(p => p.Scores));
    }

    [Fact]
    public void Features_and_loaded_models_are_scored_row_by_row()
    {
        IDataView view = _images.Paths(_ml);
        var backbone = Backbone.FromGraph(AgainstTheMean(), TinyClassifier.Preprocessing);
        using ImageFeatureExtractionTransformer features = _ml
            .Transforms.ExtractImageFeatures(new ImageFeatureExtractionOptions { OutputColumnName = "Features", Backbone = backbone })
            .Fit(view);

        ITransformer loaded = _reloaded.Of(_ml, features, view.Schema);
        using TransformerChain<ITransformer> accelerated = _ml.Model.Accelerate(loaded);

        // ML.NET's own step runs row by row.
        float[][] alone = [.. loaded.Transform(view).GetColumn<float[]>("Features")];
        Assert.Equal(alone, features.Transform(view).GetColumn<float[]>("Features"));
        Assert.Equal(alone, accelerated.Transform(view).GetColumn<float[]>("Features"));
    }

    /// <summary>The classifier by mean color, of pixels less the batch's mean.</summary>
    private static OnnxGraph AgainstTheMean()
    {
        OnnxGraph graph = TinyClassifier.Network();
        return graph with
        {
            Nodes =
            [
                OnnxNode.Create("ReduceMean", ["input"], ["average"], OnnxAttribute.Of("axes", [0L])),
                OnnxNode.Create("Mul", ["average", "half"], ["less"]),
                OnnxNode.Create("Sub", ["input", "less"], ["pixels"]),
                graph.Nodes[0] with
                {
                    Inputs = ["pixels"],
                },
                .. graph.Nodes.Skip(1),
            ],
            Initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers)
            {
                ["half"] = OnnxTensor.FromFloats("half", [1], [0.5f]),
            },
        };
    }

    /// <summary>The classifier by mean color, with its pixels in 8 bits of the batch's range.</summary>
    private static OnnxGraph Quantizing()
    {
        OnnxGraph graph = TinyClassifier.Network();
        return graph with
        {
            Nodes =
            [
                OnnxNode.Create("DynamicQuantizeLinear", ["input"], ["quantized", "step", "zero"]),
                OnnxNode.Create("DequantizeLinear", ["quantized", "step", "zero"], ["pixels"]),
                graph.Nodes[0] with
                {
                    Inputs = ["pixels"],
                },
                .. graph.Nodes.Skip(1),
            ],
        };
    }

    private sealed class Photo
    {
        public byte[] Image { get; set; } = [];
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
