using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Tests.Trainers;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Decoding;

public sealed class DetectionDecodingTests : IDisposable
{
    // Images of 31 x 23 pixels.
    private readonly ColorImages _images = new(3);
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData(ImageResizeMode.Stretch)]
    [InlineData(ImageResizeMode.Pad)]
    [InlineData(ImageResizeMode.CropCenter)]
    public void Boxes_are_those_of_the_image_through_the_resize(ImageResizeMode mode)
    {
        // The box of image pixels 8..20 x 5..15, where the resize to 62 x 62 puts it.
        float scaleX = 62f / 31,
            scaleY = 62f / 23;
        if (mode == ImageResizeMode.Pad)
            scaleY = scaleX;
        if (mode == ImageResizeMode.CropCenter)
            scaleX = scaleY;
        float left = (62 - (31 * scaleX)) / 2,
            top = (62 - (23 * scaleY)) / 2;
        float[] box = [left + (14 * scaleX), top + (10 * scaleY), 12 * scaleX, 10 * scaleY];

        DetectionRow row = Score(
            DetectionNetworks.Yolo(
                [
                    [.. box, 0.1f, 0.9f],
                ],
                boxesFirst: false,
                boxes: 8
            ),
            new YoloDecoding(),
            mode
        );

        Assert.Equal([8f, 5, 20, 15], row.Boxes, Near);
        Assert.Equal([2u], row.Labels);
        Assert.Equal([0.9f], row.Scores, Near);
    }

    [Fact]
    public void Overlaps_of_a_class_are_suppressed_best_first()
    {
        float[][] boxes =
        [
            [10, 10, 8, 8, 0.6f, 0],
            [11, 10, 8, 8, 0.8f, 0],
            [10, 10, 8, 8, 0, 0.5f],
            [40, 40, 6, 6, 0.3f, 0],
            [50, 50, 6, 6, 0.2f, 0],
        ];

        DetectionRow row = Score(
            DetectionNetworks.Yolo(boxes, boxesFirst: false, boxes: 9),
            new YoloDecoding { ScoreThreshold = 0.25f },
            ImageResizeMode.Stretch
        );

        Assert.Equal([0.8f, 0.5f, 0.3f], row.Scores, Near);
        Assert.Equal([1u, 2, 1], row.Labels);
        Assert.Equal(
            [0.8f],
            Score(
                DetectionNetworks.Yolo(boxes, boxesFirst: false, boxes: 9),
                new YoloDecoding { MaxDetections = 1 },
                ImageResizeMode.Stretch
            ).Scores,
            Near
        );
    }

    [Fact]
    public void Objectness_multiplies_the_scores_of_version_5()
    {
        DetectionRow row = Score(
            DetectionNetworks.Yolo(
                [
                    [31, 31, 10, 10, 0.8f, 0.25f, 0.75f],
                    [31, 31, 10, 10, 0.2f, 1, 1],
                ],
                boxesFirst: true,
                boxes: 9
            ),
            new YoloDecoding(),
            ImageResizeMode.Stretch
        );

        Assert.Equal([0.6f], row.Scores, Near);
        Assert.Equal([2u], row.Labels);
    }

    [Fact]
    public void SSD_boxes_are_shares_of_the_input()
    {
        OnnxGraph model = DetectionNetworks.Of(
            0,
            ("boxes", [1, 2, 4], [0.5f, 0, 1, 0.5f, 0, 0, 0.5f, 0.5f]),
            ("scores", [1, 2, 3], [0.1f, 0.7f, 0.2f, 0.8f, 0.1f, 0.1f])
        );
        DetectionRow row = Score(
            model,
            new SsdDecoding
            {
                BoxesOutput = "boxes",
                ScoresOutput = "scores",
                Labels = ["cat", "dog"],
            },
            ImageResizeMode.Stretch
        );

        Assert.Equal([0f, 11.5f, 15.5f, 23], row.Boxes, Near);
        Assert.Equal([1u], row.Labels);

        OnnxGraph chosen = DetectionNetworks.Of(
            0,
            ("boxes", [1, 2, 4], [0.5f, 0, 1, 0.5f, 0, 0, 0.5f, 0.5f]),
            ("scores", [1, 2], [0.1f, 0.7f]),
            ("classes", [1, 2], [1, 2])
        );
        DetectionRow second = Score(
            chosen,
            new SsdDecoding
            {
                BoxesOutput = "boxes",
                ScoresOutput = "scores",
                ClassesOutput = "classes",
                Labels = ["cat", "dog"],
            },
            ImageResizeMode.Stretch
        );
        Assert.Equal([0f, 0, 15.5f, 11.5f], second.Boxes, Near);
        Assert.Equal([2u], second.Labels);
    }

    [Fact]
    public void A_preview_shows_the_boxes()
    {
        string file = Path.Combine(Path.GetDirectoryName(_images.Rows[0].Image)!, "preview.png");

        _ml.Vision().DrawDetections(_images.Rows[0].Image, [8, 5, 20, 21], ["cat"], [0.9f], file);

        using SKBitmap before = SKBitmap.Decode(_images.Rows[0].Image),
            after = SKBitmap.Decode(file);
        Assert.Equal((31, 23), (after.Width, after.Height));
        Assert.NotEqual(before.GetPixel(20, 18), after.GetPixel(20, 18));
        Assert.Equal(before.GetPixel(2, 20), after.GetPixel(2, 20));
        Assert.Throws<ArgumentException>(() => _ml.Vision().DrawDetections(_images.Rows[0].Image, [1, 2, 3], ["cat"], null, file));
    }

    private DetectionRow Score(OnnxGraph model, OnnxDecoding decoding, ImageResizeMode mode)
    {
        IDataView view = _images.Paths(_ml);
        using ScoreOnnxTransformer transformer = Fit(view, model, decoding, mode);
        DetectionRow[] rows = [.. _ml.Data.CreateEnumerable<DetectionRow>(transformer.Transform(view), reuseRowObject: false)];
        Assert.Equal(3, rows.Length);
        Assert.All(rows, row => Assert.Equal(rows[0].Boxes, row.Boxes));
        return rows[0];
    }

    private ScoreOnnxTransformer Fit(IDataView view, OnnxGraph model, OnnxDecoding decoding, ImageResizeMode mode) =>
        _ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    Model = model,
                    Decoding = decoding,
                    Inputs =
                    [
                        new OnnxInput
                        {
                            ColumnName = "Image",
                            Preprocessing = new ImagePreprocessing
                            {
                                Width = 62,
                                Height = 62,
                                CropFraction = 1,
                                ResizeMode = mode,
                            },
                        },
                    ],
                }
            )
            .Fit(view);

    private static bool Near(float a, float b) => MathF.Abs(a - b) < 1e-3f;
}
