using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.Imaging.Resampling;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.TestData.Photos;
using MLNetExtensions.Tests.Backbones;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FeatureExtraction;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Data;

/// <summary>Pillow's filters, in training, in scoring and in saved models.</summary>
public sealed class InterpolationTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(6, 61, 43);

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData(ImageResizeMode.CropCenter, ImageInterpolation.Bicubic)]
    [InlineData(ImageResizeMode.Pad, ImageInterpolation.Bilinear)]
    [InlineData(ImageResizeMode.Stretch, ImageInterpolation.Bicubic)]
    public void Scoring_sees_the_pixels_of_training_for_every_form_of_images(ImageResizeMode mode, ImageInterpolation interpolation)
    {
        var preprocessing = new ImagePreprocessing
        {
            Width = 16,
            Height = 16,
            ResizeMode = mode,
            CropFraction = 0.8f,
            Interpolation = interpolation,
        };
        Backbone backbone = Backbone.FromGraph(SmallNetwork.Create(-1, 3, 16, 16), preprocessing, "small");
        float[][] expected = Pixels(preprocessing);
        float[][]? ofPixels = null;
        foreach (
            IDataView view in (IDataView[])
                [ExtractedPixels(expected, preprocessing), _images.Paths(_ml), _images.Bytes(_ml), _images.Images(_ml)]
        )
        {
            using ImageFeatureExtractionTransformer transformer = _ml
                .Transforms.ExtractImageFeatures("Features", "Image", backbone)
                .Fit(view);
            float[][] features = [.. transformer.Transform(view).GetColumn<float[]>("Features")];
            Assert.Equal(ofPixels ??= features, features);
        }
        Assert.NotEqual(expected[0], Pixels(preprocessing with { Interpolation = ImageInterpolation.Standard })[0]);
    }

    [Theory]
    [InlineData(ImageInterpolation.Standard, false)]
    [InlineData(ImageInterpolation.Bicubic, true)]
    public void Saving_warns_where_the_saved_model_resizes_in_another_way(ImageInterpolation interpolation, bool warns)
    {
        var preprocessing = new ImagePreprocessing
        {
            Width = 16,
            Height = 16,
            Interpolation = interpolation,
        };
        IDataView view = _images.Paths(_ml);
        using ImageFeatureExtractionTransformer transformer = _ml
            .Transforms.ExtractImageFeatures(
                "Features",
                "Image",
                Backbone.FromGraph(SmallNetwork.Create(-1, 3, 16, 16), preprocessing, "small")
            )
            .Fit(view);
        var log = new List<string>();
        _ml.Log += (_, e) => log.Add($"{e.Kind} {e.Message}");
        using var reloaded = new ReloadedModels();
        ITransformer loaded = reloaded.Of(_ml, transformer, view.Schema);
        Assert.Equal(
            warns,
            log.Exists(line =>
                line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("not with Bicubic", StringComparison.Ordinal)
            )
        );
        // Another resampling of the same image: near, and not the same.
        float[][] here = [.. transformer.Transform(view).GetColumn<float[]>("Features")],
            there = [.. loaded.Transform(view).GetColumn<float[]>("Features")];
        double difference = here.Zip(there).Average(pair => pair.First.Zip(pair.Second).Average(p => Math.Abs(p.First - p.Second))),
            size = here.Average(row => row.Average(MathF.Abs));
        Assert.InRange(difference / size, warns ? 1e-4 : 0, warns ? 0.5 : 1e-6);
    }

    private float[][] Pixels(ImagePreprocessing preprocessing)
    {
        using var decoder = new ImageDecoder(preprocessing);
        return
        [
            .. _images.Rows.Select(row =>
            {
                byte[] canvas = new byte[decoder.CanvasBytes];
                decoder.DecodeFile(row.Image, canvas);
                return canvas.Select(value => (float)value).ToArray();
            }),
        ];
    }

    private IDataView ExtractedPixels(float[][] pixels, ImagePreprocessing preprocessing)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(PixelRow));
        schema["Image"].ColumnType = new VectorDataViewType(
            NumberDataViewType.Single,
            3,
            preprocessing.CanvasHeight,
            preprocessing.CanvasWidth
        );
        return _ml.Data.LoadFromEnumerable(pixels.Select(row => new PixelRow { Image = row }), schema);
    }

    private sealed class PixelRow
    {
        public float[] Image { get; set; } = [];
    }
}
