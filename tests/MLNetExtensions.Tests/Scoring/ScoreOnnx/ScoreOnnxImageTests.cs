using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.Tests.Trainers;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.ScoreOnnx;

public sealed class ScoreOnnxImageTests : IDisposable
{
    private static readonly ImagePreprocessing Plain = new()
    {
        Width = 12,
        Height = 10,
        CropFraction = 1,
        Scale = 1 / 127.5f,
        Mean = [1, 1, 1],
        StandardDeviation = [1, 1, 1],
    };

    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(20);

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData(ImageResizeMode.CropCenter, ImageResizingEstimator.ResizingKind.IsoCrop)]
    [InlineData(ImageResizeMode.Pad, ImageResizingEstimator.ResizingKind.IsoPad)]
    [InlineData(ImageResizeMode.Stretch, ImageResizingEstimator.ResizingKind.Fill)]
    public void Scores_are_those_of_the_standard_chain(ImageResizeMode mode, ImageResizingEstimator.ResizingKind kind)
    {
        IDataView view = _images.Paths(_ml);
        string file = Path.Combine(Path.GetDirectoryName(_images.Rows[0].Image)!, "model.onnx");
        SmallModels.ChannelMeans(10, 12).Save(file);
        ITransformer standard = _ml
            .Transforms.LoadImages("Loaded", "", "Image")
            .Append(_ml.Transforms.ResizeImages("Loaded", 12, 10, resizing: kind))
            .Append(_ml.Transforms.ExtractPixels("image", "Loaded", offsetImage: 127.5f, scaleImage: 1 / 127.5f))
            .Append(_ml.Transforms.ApplyOnnxModel("logits", "image", file))
            .Fit(view);
        float[][] expected = [.. standard.Transform(view).GetColumn<float[]>("logits")];

        foreach (IDataView source in new[] { view, _images.Bytes(_ml), _images.Images(_ml) })
        {
            using ScoreOnnxTransformer ours = Fit(source, Plain with { ResizeMode = mode });
            Near(expected, ours.Transform(source).GetColumn<float[]>("logits"));
            PredictOne(ours, source, expected);
        }
    }

    [Fact]
    public void Pixels_of_ExtractPixels_are_taken_too()
    {
        IDataView pixels = _images.Pixels(_ml);
        IDataView paths = _images.Paths(_ml);
        using ScoreOnnxTransformer ofPixels = Fit(pixels, Plain);
        using ScoreOnnxTransformer ofPaths = Fit(paths, Plain);

        Near([.. ofPaths.Transform(paths).GetColumn<float[]>("logits")], ofPixels.Transform(pixels).GetColumn<float[]>("logits"));
    }

    [Fact]
    public void Crop_channel_order_and_layout_are_the_preprocessings()
    {
        IDataView view = _images.Paths(_ml);
        ImagePreprocessing preprocessing = new()
        {
            Width = 8,
            Height = 6,
            CropFraction = 0.5f,
            Channels = ImageChannelOrder.Bgr,
            ChannelsLast = true,
        };
        // The mean over height and width of [batch, 6, 8, 3].
        OnnxGraph model = SmallModels.Create(
            [OnnxValue.Create("image", OnnxElementType.Float, -1, 6, 8, 3)],
            [OnnxValue.Create("logits", OnnxElementType.Float, -1, 3)],
            [OnnxNode.Create("ReduceMean", ["image"], ["logits"], OnnxAttribute.Of("axes", 1L, 2L), OnnxAttribute.Of("keepdims", 0L))]
        );
        using ScoreOnnxTransformer transformer = Fit(view, preprocessing, model);

        float[][] expected = [.. _images.Rows.Select(row => Means(row.Image, preprocessing))];
        Near(expected, transformer.Transform(view).GetColumn<float[]>("logits"));
    }

    [Fact]
    public void Bytes_are_taken_as_they_are()
    {
        IDataView view = _images.Paths(_ml);
        OnnxGraph model = SmallModels.Create(
            [OnnxValue.Create("image", OnnxElementType.UInt8, -1, 10, 12, 3)],
            [OnnxValue.Create("logits", OnnxElementType.Float, -1, 3)],
            [
                OnnxNode.Create("Cast", ["image"], ["floats"], OnnxAttribute.Of("to", 1L)),
                OnnxNode.Create("ReduceMean", ["floats"], ["logits"], OnnxAttribute.Of("axes", 1L, 2L), OnnxAttribute.Of("keepdims", 0L)),
            ]
        );
        ImagePreprocessing preprocessing = Plain with { ChannelsLast = true };
        using ScoreOnnxTransformer transformer = Fit(view, preprocessing, model);

        float[][] expected = [.. _images.Rows.Select(row => Means(row.Image, preprocessing with { Scale = 1, Mean = [0, 0, 0] }))];
        Near(expected, transformer.Transform(view).GetColumn<float[]>("logits"), 1e-3f);
    }

    [Fact]
    public void Unknown_preprocessing_is_an_error_that_says_what_to_set()
    {
        IDataView view = _images.Paths(_ml);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml
                .Transforms.ScoreOnnx(
                    new ScoreOnnxOptions { Model = SmallModels.ChannelMeans(10, 12), Inputs = [new OnnxInput { ColumnName = "Image" }] }
                )
                .Fit(view)
        );

        Assert.Contains("Set OnnxInput.Preprocessing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Preprocessing_of_another_size_than_the_models_is_an_error()
    {
        IDataView view = _images.Paths(_ml);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Fit(view, Plain with { Width = 13 }));

        Assert.Contains("column 'Image' (3 x 10 x 13 a row) does not fill it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_invalid_image_is_an_error_at_its_row()
    {
        File.WriteAllText(_images.Rows[11].Image, "no image");
        IDataView view = _images.Paths(_ml);
        using ScoreOnnxTransformer transformer = Fit(view, Plain);
        int seen = 0;

        var error = Assert.Throws<InvalidImageException>(() =>
        {
            foreach (float[] _ in transformer.Transform(view).GetColumn<float[]>("logits"))
                seen++;
        });

        Assert.Equal(11, error.Row);
        Assert.Equal(11, seen);
    }

    [Fact]
    public void An_invalid_image_may_have_a_missing_score()
    {
        File.WriteAllText(_images.Rows[11].Image, "no image");
        File.Delete(_images.Rows[19].Image);
        IDataView view = _images.Paths(_ml);
        var warnings = new List<string>();
        _ml.Log += (_, e) => warnings.Add(e.Message);
        using ScoreOnnxTransformer transformer = _ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    Model = SmallModels.ChannelMeans(10, 12),
                    InvalidImages = InvalidImagePolicy.MissingScore,
                    Inputs = [new OnnxInput { ColumnName = "Image", Preprocessing = Plain }],
                    Outputs = [new OnnxOutput()],
                    Decoding = new ClassificationDecoding { Labels = ColorImages.Names, TopK = 1 },
                }
            )
            .Fit(view);

        for (int pass = 0; pass < 2; pass++)
        {
            IDataView scored = transformer.Transform(view);
            float[][] scores = [.. scored.GetColumn<float[]>("logits")];
            uint[] labels = [.. scored.GetColumn<uint>("PredictedLabel")];

            Assert.Equal([11, 19], Enumerable.Range(0, 20).Where(i => scores[i].All(float.IsNaN)));
            Assert.Equal([11, 19], Enumerable.Range(0, 20).Where(i => labels[i] == 0));
            Assert.Equal("", scored.GetColumn<string[]>("TopLabels").ElementAt(11)[0]);
        }
        Assert.Equal([11, 19], transformer.InvalidImages.Select(b => b.Row));
        Assert.Contains("not an image", transformer.InvalidImages[0].Reason, StringComparison.Ordinal);
        Assert.Equal(2, warnings.Count(w => w.Contains("has no score", StringComparison.Ordinal)));
    }

    private ScoreOnnxTransformer Fit(IDataView view, ImagePreprocessing preprocessing, OnnxGraph? model = null) =>
        _ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    Model = model ?? SmallModels.ChannelMeans(10, 12),
                    Inputs = [new OnnxInput { ColumnName = "Image", Preprocessing = preprocessing }],
                }
            )
            .Fit(view);

    /// <summary>The mean of each channel after preprocessing, without this library's own writer.</summary>
    private static float[] Means(string path, ImagePreprocessing preprocessing)
    {
        using var decoder = new ImageDecoder(preprocessing);
        var canvas = new byte[decoder.CanvasBytes];
        var cropped = new byte[decoder.InputBytes];
        decoder.DecodeFile(path, canvas);
        decoder.CropCenter(canvas, cropped);
        int[] order = preprocessing.Channels == ImageChannelOrder.Bgr ? [2, 1, 0] : [0, 1, 2];
        return
        [
            .. order.Select(
                (plane, c) =>
                    (
                        (cropped.Skip(plane * cropped.Length / 3).Take(cropped.Length / 3).Average(b => (float)b) * preprocessing.Scale)
                        - preprocessing.Mean[c]
                    ) / preprocessing.StandardDeviation[c]
            ),
        ];
    }

    private static void Near(float[][] expected, IEnumerable<float[]> actual, float tolerance = 1e-5f)
    {
        float[][] values = [.. actual];
        Assert.Equal(expected.Length, values.Length);
        for (int row = 0; row < expected.Length; row++)
        for (int i = 0; i < expected[row].Length; i++)
            Assert.Equal(expected[row][i], values[row][i], tolerance);
    }

    private void PredictOne(ScoreOnnxTransformer transformer, IDataView source, float[][] expected)
    {
        if (source.Schema["Image"].Type is not TextDataViewType)
            return;
        using PredictionEngine<ColorImages.Row, Scores> engine = _ml.Model.CreatePredictionEngine<ColorImages.Row, Scores>(
            transformer,
            new PredictionEngineOptions { InputSchemaDefinition = null, OwnsTransformer = false }
        );
        Near([expected[3]], [engine.Predict(_images.Rows[3]).Logits]);
        Near([expected[4]], [engine.Predict(_images.Rows[4]).Logits]);
    }

    private sealed class Scores
    {
        [ColumnName("logits")]
        public float[] Logits { get; set; } = [];
    }
}
