using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.TestData.Needs;
using MLNetExtensions.Tests.Backbones;
using MLNetExtensions.Trainers.FeatureExtraction;
using Xunit;

namespace MLNetExtensions.Tests.Trainers.FeatureExtraction;

public sealed class ImageFeatureExtractionTests : IDisposable
{
    private static readonly ImagePreprocessing Preprocessing = new() { Width = 16, Height = 16 };

    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(30);
    private readonly Backbone _backbone = Backbone.FromGraph(SmallNetwork.Create(-1, 3, 16, 16), Preprocessing, "small");

    public void Dispose() => _images.Dispose();

    [Fact]
    public void Adds_one_vector_an_image()
    {
        IDataView view = _images.Paths(_ml);
        using ImageFeatureExtractionTransformer transformer = _ml.Transforms.ExtractImageFeatures("Features", "Image", _backbone).Fit(view);

        Assert.Equal(4, transformer.Length);
        float[][] features = [.. transformer.Transform(view).GetColumn<float[]>("Features")];
        Assert.Equal(30, features.Length);
        Assert.All(features, f => Assert.Equal(4, f.Length));
        Assert.NotEqual(features[0], features[1]);
    }

    [Theory]
    [InlineData("SDCA")]
    [InlineData("LightGBM")]
    public void Feeds_trainers_and_still_saves_as_standard_transformers(string trainer)
    {
        IDataView view = _images.Paths(_ml);
        var pipeline = _ml
            .Transforms.ExtractImageFeatures("Features", "Image", _backbone)
            .Append(_ml.Transforms.NormalizeMeanVariance("Features"))
            .AppendCacheCheckpoint(_ml)
            .Append<ITransformer>(
                trainer == "SDCA"
                    ? _ml.MulticlassClassification.Trainers.SdcaMaximumEntropy()
                    : _ml.MulticlassClassification.Trainers.LightGbm(minimumExampleCountPerLeaf: 2)
            )
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ITransformer model = pipeline.Fit(view);
        IDataView scored = model.Transform(view);
        Assert.InRange(_ml.MulticlassClassification.Evaluate(scored).MicroAccuracy, 0.9, 1);

        using var models = new ReloadedModels();
        IDataView reloaded = models.Of(_ml, model, view.Schema).Transform(view);

        foreach ((float[] a, float[] b) in scored.GetColumn<float[]>("Score").Zip(reloaded.GetColumn<float[]>("Score")))
            for (int c = 0; c < a.Length; c++)
                Assert.Equal(a[c], b[c], 1e-5f);
        Assert.Equal(_images.Rows.Select(r => r.Label), reloaded.GetColumn<string>("PredictedLabel"));
    }

    [Fact]
    public void Output_may_replace_the_input()
    {
        IDataView view = _images.Images(_ml);
        using ImageFeatureExtractionTransformer transformer = _ml.Transforms.ExtractImageFeatures("Image", null, _backbone).Fit(view);

        Assert.Equal(4, transformer.Transform(view).GetColumn<float[]>("Image").First().Length);
    }

    [Fact]
    public void Options_are_copied()
    {
        IDataView view = _images.Paths(_ml);
        var options = new ImageFeatureExtractionOptions { Backbone = _backbone };
        ImageFeatureExtractionEstimator estimator = _ml.Transforms.ExtractImageFeatures(options);
        options.OutputColumnName = "Other";

        using ImageFeatureExtractionTransformer transformer = estimator.Fit(view);

        Assert.NotNull(transformer.GetOutputSchema(view.Schema).GetColumnOrNull("Features"));
    }

    [Fact]
    public void Preprocessing_can_be_replaced()
    {
        IDataView view = _images.Paths(_ml);
        using ImageFeatureExtractionTransformer plain = _ml.Transforms.ExtractImageFeatures("Features", "Image", _backbone).Fit(view);
        using ImageFeatureExtractionTransformer other = _ml
            .Transforms.ExtractImageFeatures(
                new ImageFeatureExtractionOptions
                {
                    Backbone = _backbone,
                    Preprocessing = Preprocessing with { Channels = ImageChannelOrder.Bgr },
                }
            )
            .Fit(view);

        Assert.NotEqual(
            plain.Transform(view).GetColumn<float[]>("Features").First(),
            other.Transform(view).GetColumn<float[]>("Features").First()
        );
    }

    [Fact]
    public void Defaults_are_these()
    {
        var options = new ImageFeatureExtractionOptions();

        Assert.Null(options.Backbone);
        Assert.Null(options.Preprocessing);
        Assert.Null(options.ImageFolder);
        Assert.Equal("Features", options.OutputColumnName);
        Assert.Equal("Image", options.InputColumnName);
        Assert.Contains(
            "Backbone is not set",
            Assert.Throws<ArgumentException>(() => _ml.Transforms.ExtractImageFeatures(options)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Wrong_columns_are_named_before_anything_is_fitted()
    {
        IDataView view = _images.Paths(_ml);
        var missing = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.CopyColumns("A", "Image").Append(_ml.Transforms.ExtractImageFeatures("Features", "Photo", _backbone)).Fit(view)
        );
        var mismatch = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.CopyColumns("A", "Image").Append(_ml.Transforms.ExtractImageFeatures("Features", "Number", _backbone)).Fit(view)
        );

        Assert.Contains("Could not find input column 'Photo'", missing.Message, StringComparison.Ordinal);
        Assert.Contains("Schema mismatch for input column 'Number'", mismatch.Message, StringComparison.Ordinal);
    }

    [NeedsBackbones]
    [NeedsPhotos]
    [Fact]
    public void MobileNet_features_tell_flowers_apart()
    {
        string folder = SharedData.PathOf("data", "flowers");
        var files = Directory
            .EnumerateFiles(folder, "*.jpg", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .GroupBy(f => Path.GetFileName(Path.GetDirectoryName(f)!))
            .SelectMany(g => g.Take(12).Select((file, i) => (Class: g.Key, File: file, Test: i >= 8)));
        var rows = files
            .Select(f => new ColorImages.Row
            {
                Image = f.File,
                Label = f.Class,
                Number = f.Test ? 1 : 0,
            })
            .ToArray();
        IDataView view = _ml.Data.LoadFromEnumerable(rows);
        var pipeline = _ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.ExtractImageFeatures("Features", "Image", SharedModels.Read("mobilenetv2_1.0_224_bn")))
            .AppendCacheCheckpoint(_ml)
            .Append(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy());

        ITransformer fitted = pipeline.Fit(_ml.Data.FilterRowsByColumn(view, "Number", upperBound: 0.5));
        var metrics = _ml.MulticlassClassification.Evaluate(fitted.Transform(_ml.Data.FilterRowsByColumn(view, "Number", lowerBound: 0.5)));

        Assert.InRange(metrics.MicroAccuracy, 0.65, 1);
    }
}
