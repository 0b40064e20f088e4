using Microsoft.ML;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Serving;
using MLNetExtensions.Sessions;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Tests.Serving;

/// <summary>Encoded images, two models for them, and the answers that a PredictionEngine gives one by one.</summary>
internal sealed class ServedImages : IDisposable
{
    private readonly ColorImages _files;
    private readonly Dictionary<OnnxGraph, float[][]> _answers = [];

    public ServedImages(int count = 24)
    {
        _files = new ColorImages(count);
        Encoded = [.. _files.Rows.Select(r => File.ReadAllBytes(r.Image))];
        Paths = [.. _files.Rows.Select(r => r.Image)];
        Schema = _files.Bytes(Ml).Schema;
        First = Export(TinyClassifier.Network());
        Second = Export(TinyClassifier.TopHalfNetwork());
    }

    public MLContext Ml { get; } = new(seed: 1);

    public DataViewSchema Schema { get; }

    public byte[][] Encoded { get; }

    public string[] Paths { get; }

    /// <summary>An exported classifier.</summary>
    public OnnxGraph First { get; }

    /// <summary>One with other scores.</summary>
    public OnnxGraph Second { get; }

    public FineTuneTransformer Transformer() => TinyClassifier.Transformer(Ml, Schema);

    /// <summary>Opens an exported model behind a gate.</summary>
    public ServedModel Open(OnnxGraph graph, out GatedNetwork network, bool isOpen = true, int maxBatchSize = 16)
    {
        OnnxSession session = OnnxSession.OpenForServing(Ml, OnnxModelSource.OfGraph(graph), new OnnxSessionSettings());
        network = new GatedNetwork(
            session,
            ScoringMetadata.Preprocessing(graph.Metadata, "test"),
            ColorImages.Names,
            new VisionPredictorOptions { MaxBatchSize = maxBatchSize },
            isOpen
        );
        return network;
    }

    /// <summary>A predictor whose network waits at a gate.</summary>
    public VisionPredictor Gated(VisionPredictorOptions options, out GatedNetwork network, bool isOpen = false) =>
        new(Ml, options, Open(First, out network, isOpen, options.MaxBatchSize), source => Open(source.ReadGraph(), out GatedNetwork _));

    /// <summary>The scores that a model gives an image alone.</summary>
    public float[] Scores(OnnxGraph graph, int image) => _answers[graph][image];

    /// <summary>Checks a prediction against the one of the image alone.</summary>
    public void Check(VisionPrediction prediction, int image, OnnxGraph? graph = null)
    {
        float[] expected = Scores(graph ?? First, image);
        Assert.Equal(expected.Length, prediction.Scores.Count);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], prediction.Scores[i], 1e-6f);
        Assert.Equal(ColorImages.Names[Array.IndexOf(expected, expected.Max())], prediction.Label);
    }

    public void Dispose() => _files.Dispose();

    private OnnxGraph Export(OnnxGraph network)
    {
        using FineTuneTransformer transformer = TinyClassifier.Transformer(Ml, Schema, network);
        using var engine = Ml.Model.CreatePredictionEngine<Photo, Scored>(transformer);
        _answers[transformer.Model] = [.. Encoded.Select(e => engine.Predict(new Photo { Image = e }).Score)];
        return transformer.Model;
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
