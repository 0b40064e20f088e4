using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Export;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Serving;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.FeatureExtraction;
using Xunit;

namespace MLNetExtensions.Tests.Scoring;

/// <summary>
/// Networks of 1, 3 and 4 channels in every layout: scored, saved, loaded, accelerated and served as ONNX Runtime alone scores them, image
/// by image.
/// </summary>
public sealed class ChannelScoringTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ChannelImages _images = new(12);
    private readonly ReloadedModels _reloaded = new();

    public static TheoryData<string, ImageChannelOrder> Cases => new(ChannelNetworks.Cases.Select(c => (c.Layout, c.Channels)));

    public void Dispose()
    {
        _reloaded.Dispose();
        _images.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Features_are_those_of_the_network_alone(string layout, ImageChannelOrder channels)
    {
        ImagePreprocessing preprocessing = ChannelNetworks.Preprocessing(layout, channels);
        OnnxGraph network = ChannelNetworks.Create(layout, preprocessing.ChannelCount);
        float[][] expected = ChannelNetworks.Run(network, _images.Inputs(preprocessing, layout), "flat");
        var backbone = Backbone.FromGraph(network, preprocessing);

        foreach (IDataView view in new[] { _images.Paths(_ml), _images.Bytes(_ml), _images.Images(_ml) })
        {
            using ImageFeatureExtractionTransformer transformer = _ml
                .Transforms.ExtractImageFeatures("Features", "Image", backbone)
                .Fit(view);
            Near(expected, transformer.Transform(view).GetColumn<float[]>("Features"));
            Assert.Equal(
                [-1, preprocessing.ChannelCount, preprocessing.CanvasHeight, preprocessing.CanvasWidth],
                transformer.Model.Inputs[0].Shape!.Select(d => d.Size ?? -1)
            );

            ITransformer loaded = _reloaded.Of(_ml, transformer, view.Schema);
            Near(expected, loaded.Transform(view).GetColumn<float[]>("Features"));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ScoreOnnx_takes_every_layout_and_channels(string layout, ImageChannelOrder channels)
    {
        ImagePreprocessing preprocessing = ChannelNetworks.Preprocessing(layout, channels);
        OnnxGraph network = ChannelNetworks.Create(layout, preprocessing.ChannelCount);
        float[][] expected = ChannelNetworks.Run(network, _images.Inputs(preprocessing, layout));
        IDataView view = _images.Paths(_ml);
        using ScoreOnnxTransformer transformer = _ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions { Model = network, Inputs = [new OnnxInput { ColumnName = "Image", Preprocessing = preprocessing }] }
            )
            .Fit(view);

        Near(expected, transformer.Transform(view).GetColumn<float[]>("logits"));
        ITransformer loaded = _reloaded.Of(_ml, transformer, view.Schema);
        Near(expected, loaded.Transform(view).GetColumn<float[]>("logits"));
        Near(expected, _ml.Model.Accelerate(loaded).Transform(view).GetColumn<float[]>("logits"));
    }

    [Theory]
    [InlineData("nchw", ImageChannelOrder.Gray, ImageResizeMode.Pad)]
    [InlineData("nchw", ImageChannelOrder.Gray, ImageResizeMode.Stretch)]
    [InlineData("nchw", ImageChannelOrder.Rgba, ImageResizeMode.Pad)]
    [InlineData("nchw", ImageChannelOrder.Rgba, ImageResizeMode.Stretch)]
    public void Every_resize_mode_is_saved_as_it_scores(string layout, ImageChannelOrder channels, ImageResizeMode mode)
    {
        ImagePreprocessing preprocessing = ChannelNetworks.Preprocessing(layout, channels) with { ResizeMode = mode };
        OnnxGraph network = ChannelNetworks.Create(layout, preprocessing.ChannelCount);
        float[][] expected = ChannelNetworks.Run(network, _images.Inputs(preprocessing, layout), "flat");
        IDataView view = _images.Paths(_ml);
        using ImageFeatureExtractionTransformer transformer = _ml
            .Transforms.ExtractImageFeatures("Features", "Image", Backbone.FromGraph(network, preprocessing))
            .Fit(view);

        Near(expected, transformer.Transform(view).GetColumn<float[]>("Features"));
        Near(expected, _reloaded.Of(_ml, transformer, view.Schema).Transform(view).GetColumn<float[]>("Features"));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Predictors_score_the_same(string layout, ImageChannelOrder channels)
    {
        ImagePreprocessing preprocessing = ChannelNetworks.Preprocessing(layout, channels);
        OnnxGraph network = ChannelNetworks.Create(layout, preprocessing.ChannelCount);
        float[][] expected = ChannelNetworks.Run(network, _images.Inputs(preprocessing, layout), "flat");
        IDataView view = _images.Bytes(_ml);
        using ImageFeatureExtractionTransformer transformer = _ml
            .Transforms.ExtractImageFeatures("Features", "Image", Backbone.FromGraph(network, preprocessing))
            .Fit(view);
        string zip = Path.Combine(Path.GetDirectoryName(_images.Rows[0].Image)!, "model.zip");
        _ml.Model.Save(transformer, view.Schema, zip);

        await using VisionPredictor ofModel = _ml.Model.CreateVisionPredictor(transformer);
        await using VisionPredictor ofFile = _ml.Model.CreateVisionPredictor(zip);
        for (int row = 0; row < expected.Length; row++)
        {
            byte[] file = File.ReadAllBytes(_images.Rows[row].Image);
            Near(expected[row], (await ofModel.PredictAsync(file)).Scores.ToArray());
            Near(expected[row], (await ofFile.PredictAsync(file)).Scores.ToArray());
        }
    }

    [Theory]
    [InlineData("nchw", ImageChannelOrder.Rgb)]
    [InlineData("nhwc", ImageChannelOrder.Gray)]
    [InlineData("nhw", ImageChannelOrder.Gray)]
    public void Halves_are_scored_and_saved(string layout, ImageChannelOrder channels)
    {
        ImagePreprocessing preprocessing = ChannelNetworks.Preprocessing(layout, channels);
        OnnxGraph network = ChannelNetworks.Create(layout, preprocessing.ChannelCount, isHalf: true);
        float[][] expected = ChannelNetworks.Run(network, _images.Inputs(preprocessing, layout));
        IDataView view = _images.Paths(_ml);
        using ScoreOnnxTransformer transformer = _ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions { Model = network, Inputs = [new OnnxInput { ColumnName = "Image", Preprocessing = preprocessing }] }
            )
            .Fit(view);

        Near(expected, transformer.Transform(view).GetColumn<float[]>("logits"), 2e-3f);
        Near(expected, _reloaded.Of(_ml, transformer, view.Schema).Transform(view).GetColumn<float[]>("logits"), 2e-3f);
    }

    [Theory]
    [InlineData("nchw", ImageChannelOrder.Rgb)]
    [InlineData("nhw", ImageChannelOrder.Gray)]
    public void Halves_are_backbones(string layout, ImageChannelOrder channels)
    {
        ImagePreprocessing preprocessing = ChannelNetworks.Preprocessing(layout, channels);
        OnnxGraph network = ChannelNetworks.Create(layout, preprocessing.ChannelCount, isHalf: true);
        float[][] expected = ChannelNetworks.Run(network, _images.Inputs(preprocessing, layout), "flat");
        IDataView view = _images.Paths(_ml);
        using ImageFeatureExtractionTransformer transformer = _ml
            .Transforms.ExtractImageFeatures("Features", "Image", Backbone.FromGraph(network, preprocessing))
            .Fit(view);

        Near(expected, transformer.Transform(view).GetColumn<float[]>("Features"), 2e-3f);
        Near(expected, _reloaded.Of(_ml, transformer, view.Schema).Transform(view).GetColumn<float[]>("Features"), 2e-3f);
    }

    [Theory]
    [InlineData("nhw", ImageChannelOrder.Gray)]
    [InlineData("nhwc", ImageChannelOrder.Rgba)]
    public void Bytes_are_taken_as_they_are(string layout, ImageChannelOrder channels)
    {
        ImagePreprocessing raw = ChannelNetworks.Preprocessing(layout, channels);
        raw = raw with { Scale = 1, Mean = [.. raw.Mean.Select(_ => 0f)], StandardDeviation = [.. raw.StandardDeviation.Select(_ => 1f)] };
        OnnxGraph network = ChannelNetworks.Create(layout, raw.ChannelCount),
            bytes =
                network with
                {
                    Inputs = [network.Inputs[0] with { Name = "bytes", ElementType = OnnxElementType.UInt8 }],
                    Nodes =
                    [
                        OnnxNode.Create("Cast", ["bytes"], ["image"], OnnxAttribute.Of("to", (long)OnnxElementType.Float)),
                        .. network.Nodes,
                    ],
                };
        float[][] expected = ChannelNetworks.Run(network, _images.Inputs(raw, layout));
        IDataView view = _images.Paths(_ml);
        using ScoreOnnxTransformer transformer = _ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    Model = bytes,
                    Inputs = [new OnnxInput { ColumnName = "Image", Preprocessing = ChannelNetworks.Preprocessing(layout, channels) }],
                }
            )
            .Fit(view);

        Near(expected, transformer.Transform(view).GetColumn<float[]>("logits"), 1e-3f);
        Near(expected, _reloaded.Of(_ml, transformer, view.Schema).Transform(view).GetColumn<float[]>("logits"), 1e-3f);
    }

    [Theory]
    [InlineData("nchw")]
    [InlineData("nhwc")]
    [InlineData("nhw")]
    public async Task Networks_that_say_their_preprocessing_are_served(string layout)
    {
        ImagePreprocessing preprocessing = ChannelNetworks.Preprocessing("nchw", ImageChannelOrder.Gray);
        OnnxGraph network = ChannelNetworks.Create(layout, 1);
        network = network with
        {
            Metadata = new Dictionary<string, string> { [PreprocessingJson.MetadataKey] = PreprocessingJson.Write(preprocessing) },
        };
        string file = Path.Combine(Path.GetDirectoryName(_images.Rows[0].Image)!, "network.onnx");
        network.Save(file);
        float[][] expected = ChannelNetworks.Run(network, _images.Inputs(preprocessing, "nchw"));

        await using VisionPredictor predictor = _ml.Model.CreateVisionPredictor(file);

        for (int row = 0; row < expected.Length; row++)
            Near(expected[row], (await predictor.PredictAsync(_images.Rows[row].Image)).Scores.ToArray());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Networks_are_quantized(string layout, ImageChannelOrder channels)
    {
        ImagePreprocessing preprocessing = ChannelNetworks.Preprocessing(layout, channels);
        OnnxGraph network = ChannelNetworks.Create(layout, preprocessing.ChannelCount);
        float[][] inputs = _images.Inputs(preprocessing, layout),
            expected = ChannelNetworks.Run(network, inputs);

        CompressedModel compressed = _ml.Vision()
            .Quantize(
                network,
                new QuantizeOptions
                {
                    CalibrationSet = _images.Paths(_ml),
                    ImageColumnName = "Image",
                    Preprocessing = preprocessing,
                }
            );

        Assert.Contains(compressed.Model.Nodes, n => n.OpType == "DequantizeLinear");
        float span = expected.Max(row => row.Max()) - expected.Min(row => row.Min());
        Near(expected, ChannelNetworks.Run(compressed.Model, inputs), 0.1f * span);
    }

    [Theory]
    [InlineData(ImageChannelOrder.Gray, "one plane of gray levels", "image.convert(\"L\")")]
    [InlineData(ImageChannelOrder.Rgba, "red, green, blue and alpha planes", ".convert(\"RGBA\")")]
    public void Model_cards_say_which_channels(ImageChannelOrder channels, string planes, string python)
    {
        ImagePreprocessing preprocessing = ChannelNetworks.Preprocessing("nchw", channels);
        IDataView view = _images.Paths(_ml);
        using ImageFeatureExtractionTransformer transformer = _ml
            .Transforms.ExtractImageFeatures(
                "Features",
                "Image",
                Backbone.FromGraph(ChannelNetworks.Create("nchw", preprocessing.ChannelCount), preprocessing)
            )
            .Fit(view);
        string card = Path.Combine(Path.GetDirectoryName(_images.Rows[0].Image)!, "card.md");

        transformer.ExportOnnx(Path.ChangeExtension(card, ".onnx"), new OnnxExportOptions { ModelCardPath = card });

        Assert.Contains(planes, File.ReadAllText(card), StringComparison.Ordinal);
        Assert.Contains(python, File.ReadAllText(card), StringComparison.Ordinal);
    }

    [Fact]
    public void Pixels_of_one_plane_are_gray()
    {
        ImagePreprocessing preprocessing = ChannelNetworks.Preprocessing("nchw", ImageChannelOrder.Gray);
        OnnxGraph network = ChannelNetworks.Create("nchw", 1);
        var raw = preprocessing with
        {
            Scale = 1,
            Mean = [0],
            StandardDeviation = [1],
            Width = preprocessing.CanvasWidth,
            Height = preprocessing.CanvasHeight,
            CropFraction = 1,
        };
        float[][] expected = ChannelNetworks.Run(network, _images.Inputs(preprocessing, "nchw"), "flat");
        SchemaDefinition definition = SchemaDefinition.Create(typeof(Pixels));
        definition[nameof(Pixels.Image)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 1, raw.Height, raw.Width);
        IDataView view = _ml.Data.LoadFromEnumerable(_images.Inputs(raw, "nchw").Select(p => new Pixels { Image = p }), definition);

        using ImageFeatureExtractionTransformer transformer = _ml
            .Transforms.ExtractImageFeatures("Features", "Image", Backbone.FromGraph(network, preprocessing))
            .Fit(view);

        Near(expected, transformer.Transform(view).GetColumn<float[]>("Features"));
        Near(expected, _reloaded.Of(_ml, transformer, view.Schema).Transform(view).GetColumn<float[]>("Features"));
    }

    private static void Near(float[][] expected, IEnumerable<float[]> actual, float tolerance = 1e-5f)
    {
        float[][] rows = [.. actual];
        Assert.Equal(expected.Length, rows.Length);
        for (int row = 0; row < rows.Length; row++)
            Near(expected[row], rows[row], tolerance);
    }

    private static void Near(float[] expected, float[] actual, float tolerance = 1e-5f)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }

    private sealed class Pixels
    {
        public float[] Image { get; set; } = [];
    }
}
