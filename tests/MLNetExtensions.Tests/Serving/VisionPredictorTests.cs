using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.Onnx;
using MLNetExtensions.Serving;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.Tests.Backbones;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FeatureExtraction;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Tests.Serving;

public sealed class VisionPredictorTests : IDisposable
{
    private readonly ServedImages _images = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Answers_bytes_streams_files_and_images_as_a_PredictionEngine_does()
    {
        using VisionPredictor predictor = Create();

        for (int i = 0; i < 6; i++)
        {
            _images.Check(await predictor.PredictAsync(_images.Encoded[i]), i);
            _images.Check(await predictor.PredictAsync(new MemoryStream(_images.Encoded[i])), i);
            _images.Check(await predictor.PredictAsync(_images.Paths[i]), i);
            using MLImage image = MLImage.CreateFromFile(_images.Paths[i]);
            _images.Check(await predictor.PredictAsync(image), i);
        }
    }

    [Fact]
    public async Task Tells_label_scores_and_the_best_classes()
    {
        using VisionPredictor predictor = Create();

        VisionPrediction prediction = await predictor.PredictAsync(_images.Encoded[1]);

        Assert.Equal("green", prediction.Label);
        Assert.Equal(["red", "green", "blue"], prediction.Labels);
        Assert.Equal(prediction.Scores[1], prediction.Score);
        Assert.Equal(1, prediction.ModelVersion);
        Assert.Equal(1, prediction.Scores.Sum(), 1e-5f);
        IReadOnlyList<ClassScore> top = prediction.Top(2);
        Assert.Equal(2, top.Count);
        Assert.Equal(new ClassScore("green", prediction.Score), top[0]);
        Assert.True(top[1].Score <= top[0].Score && top[1].Score >= prediction.Scores.Min());
        Assert.Equal(3, prediction.Top(99).Count);
        Assert.Equal(prediction.Score > 0.4f ? ["green"] : [], prediction.Above(0.4f).Select(c => c.Label));
        Assert.Throws<ArgumentOutOfRangeException>(() => prediction.Top(0));
    }

    [Fact]
    public async Task Serves_ONNX_files_and_saved_pipelines()
    {
        string onnx = Path.Combine(_folder.Path, "model.onnx"),
            zip = Path.Combine(_folder.Path, "model.zip");
        _images.First.Save(onnx);
        using (FineTuneTransformer transformer = _images.Transformer())
            _images.Ml.Model.Save(new TransformerChain<ITransformer>(transformer), _images.Schema, zip);

        foreach (string file in new[] { onnx, zip })
        {
            using VisionPredictor predictor = _images.Ml.Model.CreateVisionPredictor(file);
            for (int i = 0; i < 3; i++)
                _images.Check(await predictor.PredictAsync(_images.Encoded[i]), i);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Serves_loaded_models(bool isAccelerated)
    {
        using var saved = new MemoryStream();
        using (FineTuneTransformer transformer = _images.Transformer())
            _images.Ml.Model.Save(new TransformerChain<ITransformer>(transformer), _images.Schema, saved);
        saved.Position = 0;
        ITransformer model = _images.Ml.Model.Load(saved, out _);
        if (isAccelerated)
            model = _images.Ml.Model.Accelerate(model);
        using VisionPredictor predictor = _images.Ml.Model.CreateVisionPredictor(model);

        for (int i = 0; i < 3; i++)
            _images.Check(await predictor.PredictAsync(_images.Encoded[i]), i);
        await predictor.UpdateModelAsync(model);
        (model as IDisposable)?.Dispose();
        _images.Check(await predictor.PredictAsync(_images.Encoded[3]), 3);
    }

    [Fact]
    public async Task Finds_the_network_inside_a_fitted_pipeline()
    {
        using FineTuneTransformer transformer = _images.Transformer();
        var inner = new TransformerChain<ITransformer>(transformer);
        using VisionPredictor predictor = _images.Ml.Model.CreateVisionPredictor(new TransformerChain<ITransformer>(inner));

        _images.Check(await predictor.PredictAsync(_images.Encoded[2]), 2);
    }

    [Fact]
    public async Task Outlives_the_transformer_it_was_made_of()
    {
        VisionPredictor predictor;
        using (FineTuneTransformer transformer = _images.Transformer())
            predictor = _images.Ml.Model.CreateVisionPredictor(transformer);

        using (predictor)
            _images.Check(await predictor.PredictAsync(_images.Encoded[0]), 0);
    }

    [Fact]
    public async Task Features_have_no_labels()
    {
        Backbone backbone = Backbone.FromGraph(
            SmallNetwork.Create(-1, 3, 16, 16),
            new ImagePreprocessing { Width = 16, Height = 16 },
            "small"
        );
        using var files = new ColorImages(1);
        IDataView view = files.Paths(_images.Ml);
        using ImageFeatureExtractionTransformer transformer = _images
            .Ml.Transforms.ExtractImageFeatures("Features", "Image", backbone)
            .Fit(view);
        float[] expected = transformer.Transform(view).GetColumn<float[]>("Features").Single();
        using VisionPredictor predictor = _images.Ml.Model.CreateVisionPredictor(transformer);

        VisionPrediction prediction = await predictor.PredictAsync(files.Rows[0].Image);

        Assert.Null(prediction.Label);
        Assert.Empty(prediction.Labels);
        Assert.Empty(prediction.Top(3));
        Assert.Empty(prediction.Above());
        Assert.Equal(expected[0], prediction.Score);
        Assert.Equal(expected, prediction.Scores);
    }

    [Fact]
    public async Task Prepares_images_for_a_network_that_does_not_do_it_itself()
    {
        // A backbone that carries its preprocessing expects normalized pixels, unlike an exported model.
        var preprocessing = new ImagePreprocessing
        {
            Width = 12,
            Height = 10,
            CropFraction = 1,
            Channels = ImageChannelOrder.Bgr,
            Scale = 0.5f,
        };
        OnnxGraph network = TinyClassifier.Network();
        string file = Path.Combine(_folder.Path, "backbone.onnx");
        (
            network with
            {
                Metadata = new Dictionary<string, string> { [PreprocessingJson.MetadataKey] = PreprocessingJson.Write(preprocessing) },
            }
        ).Save(file);
        using var decoder = new ImageDecoder(preprocessing);
        byte[] canvas = new byte[decoder.CanvasBytes],
            bgr = new byte[decoder.CanvasBytes];
        decoder.DecodeBytes(_images.Encoded[0], canvas);
        for (int plane = 0; plane < 3; plane++)
            canvas.AsSpan(plane * 120, 120).CopyTo(bgr.AsSpan((2 - plane) * 120, 120));
        var pixels = new float[canvas.Length];
        PlanarPixels.Normalize(bgr, pixels, preprocessing);
        using var session = new InferenceSession(network.ToBytes());
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(pixels, [1, 3, 10, 12]);
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, ["input"], [input], ["logits"]);
        float[] expected = outputs[0].GetTensorDataAsSpan<float>().ToArray();

        using VisionPredictor predictor = _images.Ml.Model.CreateVisionPredictor(file);
        VisionPrediction prediction = await predictor.PredictAsync(_images.Encoded[0]);

        for (int i = 0; i < 3; i++)
            Assert.Equal(expected[i], prediction.Scores[i], 1e-4f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Serves_models_that_take_a_fixed_number_of_images(int count)
    {
        string file = Path.Combine(_folder.Path, "fixed.onnx");
        (_images.First with { Inputs = [OnnxValue.Create(_images.First.Inputs[0].Name, OnnxElementType.Float, count, 3, 10, 12)] }).Save(
            file
        );
        using VisionPredictor predictor = _images.Ml.Model.CreateVisionPredictor(file);

        VisionPrediction[] predictions = await Task.WhenAll(_images.Encoded.Select(e => predictor.PredictAsync(e)));

        for (int i = 0; i < predictions.Length; i++)
            _images.Check(predictions[i], i);
    }

    [Fact]
    public void A_model_of_other_inputs_or_outputs_is_an_error()
    {
        OnnxGraph model = _images.First;
        OnnxValue pixels = model.Inputs[0];
        Assert.Contains("has the inputs", Error(model with { Inputs = [pixels, OnnxValue.Create("more", OnnxElementType.Float, 1)] }));
        Assert.Contains(
            "images come as Float[batch,3,10,12]",
            Error(model with { Inputs = [OnnxValue.Create(pixels.Name, OnnxElementType.Float, -1, 3, 8, 8)] })
        );
        Assert.Contains("expected a fixed number of floats for each image", Error(model with { Outputs = [.. model.Outputs.Reverse()] }));

        string Error(OnnxGraph graph)
        {
            string file = Path.Combine(_folder.Path, "other.onnx");
            graph.Save(file);
            return Assert.Throws<OnnxFormatException>(() => _images.Ml.Model.CreateVisionPredictor(file)).Message;
        }
    }

    [Fact]
    public async Task Session_options_are_the_callers_where_given()
    {
        int made = 0;
        var options = new VisionPredictorOptions
        {
            SessionSettings =
            {
                CreateSessionOptions = () =>
                {
                    made++;
                    return new SessionOptions();
                },
            },
        };
        using VisionPredictor predictor = Create(options);

        _images.Check(await predictor.PredictAsync(_images.Encoded[0]), 0);

        Assert.Equal(1, made);
    }

    [Fact]
    public async Task A_stream_may_come_in_pieces_and_be_long()
    {
        byte[] large = TestImages.Encode(TestImages.Pattern(400, 300), SkiaSharp.SKEncodedImageFormat.Png);
        Assert.True(large.Length > 50_000);
        using VisionPredictor predictor = Create();

        VisionPrediction whole = await predictor.PredictAsync(large);
        VisionPrediction pieces = await predictor.PredictAsync(new Trickle(large, 1000));

        Assert.Equal(whole.Scores, pieces.Scores);
    }

    [Fact]
    public async Task Too_many_bytes_or_pixels_are_refused()
    {
        using VisionPredictor predictor = Create(new VisionPredictorOptions { MaxEncodedBytes = 100, MaxPixels = 4000 });

        InvalidImageException bytes = await Assert.ThrowsAsync<InvalidImageException>(() => predictor.PredictAsync(new byte[101]));
        InvalidImageException stream = await Assert.ThrowsAsync<InvalidImageException>(() =>
            predictor.PredictAsync(new Trickle(new byte[5000], 60))
        );
        InvalidImageException pixels = await Assert.ThrowsAsync<InvalidImageException>(() =>
            predictor.PredictAsync(
                _folder.Add("large.png", TestImages.Encode(TestImages.Pattern(80, 60), SkiaSharp.SKEncodedImageFormat.Png))
            )
        );

        Assert.Equal("it has more than the 100 bytes that MaxEncodedBytes allows", bytes.Reason);
        Assert.Equal(bytes.Reason, stream.Reason);
        Assert.Contains("80 x 60 pixels, more than the limit of 4000", pixels.Reason);
    }

    [Fact]
    public void A_model_without_our_network_is_an_error()
    {
        ITransformer other = _images
            .Ml.Transforms.CopyColumns("Copy", "Label")
            .Fit(_images.Ml.Data.LoadFromEnumerable([new { Label = "a" }]));
        string zip = Path.Combine(_folder.Path, "other.zip");
        _images.Ml.Model.Save(other, null, zip);

        var fitted = Assert.Throws<ArgumentException>(() => _images.Ml.Model.CreateVisionPredictor(other));
        var saved = Assert.Throws<InvalidDataException>(() => _images.Ml.Model.CreateVisionPredictor(zip));

        Assert.StartsWith("The model holds 0 networks of this library, expected one", fitted.Message);
        Assert.Contains("other.zip' holds 0 networks of this library, expected one", saved.Message);
    }

    [Fact]
    public void A_file_that_is_no_model_of_ours_is_an_error()
    {
        string foreign = Path.Combine(_folder.Path, "foreign.onnx"),
            torn = Path.Combine(_folder.Path, "torn.zip");
        TinyClassifier.Network().Save(foreign);
        File.WriteAllBytes(torn, [.. "PK\x03\x04"u8, 1, 2, 3]);

        var missing = Assert.Throws<FileNotFoundException>(() =>
            _images.Ml.Model.CreateVisionPredictor(Path.Combine(_folder.Path, "none.zip"))
        );
        var unknown = Assert.Throws<OnnxFormatException>(() => _images.Ml.Model.CreateVisionPredictor(foreign));
        Assert.Throws<InvalidDataException>(() => _images.Ml.Model.CreateVisionPredictor(torn));
        Assert.Throws<OnnxFormatException>(() => _images.Ml.Model.CreateVisionPredictor(_folder.Add("text.onnx", "no model"u8)));

        Assert.Contains("none.zip", missing.Message);
        Assert.Contains(
            "foreign.onnx' has no metadata 'mlnetextensions.preprocessing', so how images become its input is not known",
            unknown.Message
        );
    }

    [Fact]
    public void Labels_that_do_not_fit_are_an_error()
    {
        string file = Path.Combine(_folder.Path, "labels.onnx");
        foreach (
            (string labels, string message) in new[]
            {
                ("[\"a\",\"b\"]", "has 3 output values an image but 2 labels"),
                ("{", "cannot be read as a JSON array"),
                ("[null]", "without nulls"),
            }
        )
        {
            (
                _images.First with
                {
                    Metadata = new Dictionary<string, string>(_images.First.Metadata) { [ScoringMetadata.LabelsKey] = labels },
                }
            ).Save(file);
            Assert.Contains(message, Assert.Throws<OnnxFormatException>(() => _images.Ml.Model.CreateVisionPredictor(file)).Message);
        }
    }

    [Fact]
    public async Task A_probe_takes_the_way_of_every_request()
    {
        using VisionPredictor predictor = _images.Gated(new VisionPredictorOptions(), out GatedNetwork network);

        Task probe = predictor.ProbeAsync();
        network.WaitForBatches(1);
        Assert.False(probe.IsCompleted);
        network.Open();

        await probe;
    }

    private VisionPredictor Create(VisionPredictorOptions? options = null)
    {
        using FineTuneTransformer transformer = _images.Transformer();
        return _images.Ml.Model.CreateVisionPredictor(transformer, options);
    }

    /// <summary>A stream that gives a few bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
