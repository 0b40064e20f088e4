using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.Tests.Trainers;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Decoding;

/// <summary>The outputs of YOLO's versions, as Ultralytics exports them, for images of 62 x 62: 59 cells of 8, 16 and 32 pixels.</summary>
public sealed class YoloDecodingTests : IDisposable
{
    private const int Cells = 59;

    private static readonly string[] Names = ["cat", "dog", "bird"];

    // A dog of 0.9 at 10..30 x 20..40, of 62 pixels.
    private static readonly float[] Centered = [20, 30, 20, 20],
        Edges = [10, 20, 30, 40],
        Scores = [0.1f, 0.9f, 0.2f];

    private readonly ColorImages _images = new(2);
    private readonly MLContext _ml = new(seed: 1);
    private readonly ReloadedModels _reloaded = new();

    public void Dispose()
    {
        _reloaded.Dispose();
        _images.Dispose();
    }

    public static TheoryData<string, float[], int, bool, bool, string?> Exports =>
        new()
        {
            { "v5, v7", [.. Centered, 1, .. Scores], 3 * Cells, true, false, null },
            { "v5 segmentation", [.. Centered, 1, .. Scores, .. Coefficients], 3 * Cells, true, true, "{0: 'cat', 1: 'dog', 2: 'bird'}" },
            { "v8, v9, v11, v12", [.. Centered, .. Scores], Cells, false, false, null },
            { "v8 transposed", [.. Centered, .. Scores], Cells, true, false, null },
            { "v8 transposed, of any number of boxes", [.. Centered, .. Scores], 20, true, false, "{0: 'cat', 1: 'dog', 2: 'bird'}" },
            { "v8 of few boxes", [.. Centered, .. Scores], 4, false, false, "{0: 'cat', 1: 'dog', 2: 'bird'}" },
            { "v8 segmentation", [.. Centered, .. Scores, .. Coefficients], Cells, false, true, null },
            { "v10, YOLO26", [.. Edges, 0.9f, 1], 300, true, false, null },
            { "v10 with as many boxes as v5", [.. Edges, 0.9f, 1], 3 * Cells, true, false, "end to end" },
            { "YOLO26 segmentation", [.. Edges, 0.9f, 1, .. Coefficients], 300, true, true, null },
            { "exports with nms=True", [.. Edges, 0.9f, 1], 100, true, false, "nms" },
            { "pose", [.. Centered, 0.9f, .. Points], Cells, false, false, "pose" },
            { "YOLO26 pose", [.. Edges, 0.9f, 0, .. Points], 300, true, false, "pose end to end" },
        };

    private static float[] Coefficients => [.. Enumerable.Repeat(7f, 32)];

    private static float[] Points => [.. Enumerable.Range(0, 51).Select(i => 3f * i)];

    [Theory]
    [MemberData(nameof(Exports))]
    public void Boxes_of_each_version_are_right(string version, float[] box, int boxes, bool boxesFirst, bool hasMasks, string? metadata)
    {
        Assert.NotEmpty(version);
        OnnxGraph model = Model(box, boxes, boxesFirst, hasMasks, metadata);

        DetectionRow row = Score(model, new YoloDecoding(), out ITransformer transformer, out IDataView view);

        // Images of 31 x 23, stretched.
        Assert.Equal([5f, 20 * 23f / 62, 15, 40 * 23f / 62], row.Boxes, Near);
        Assert.Equal([0.9f], row.Scores, Near);
        Assert.Equal([metadata?.StartsWith("pose", StringComparison.Ordinal) == true ? 1u : 2u], row.Labels);
        // The rule goes with a saved model.
        DetectionRow reloaded = First(_reloaded.Of(_ml, transformer, view.Schema).Transform(view));
        Assert.Equal(row.Boxes, reloaded.Boxes, Near);
        Assert.Equal(row.Scores, reloaded.Scores, Near);
    }

    [Theory]
    [InlineData("obb", 20, 59, false)]
    [InlineData("obb", 7, 300, true)]
    [InlineData("classify", 7, 300, true)]
    [InlineData("rtdetr", 84, 300, true)]
    [InlineData(null, 85, Cells, true)]
    public void What_is_not_known_is_an_error_that_names_the_layouts(string? kind, int values, int boxes, bool boxesFirst)
    {
        OnnxGraph model = Model(new float[values], boxes, boxesFirst, hasMasks: false, kind);

        string message = Assert.Throws<ArgumentOutOfRangeException>(() => Score(model, new YoloDecoding(), out _, out _)).Message;

        Assert.Contains(boxesFirst ? $"[batch,{boxes},{values}]" : $"[batch,{values},{boxes}]", message, StringComparison.Ordinal);
        Assert.Contains("[batch, 4 + classes, boxes] (v8", message, StringComparison.Ordinal);
        if (kind == "obb")
            Assert.Contains("rotated boxes", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_score_above_one_is_no_score()
    {
        // Key points without metadata look like classes.
        OnnxGraph model = Model([.. Centered, 0.9f, .. Points], Cells, boxesFirst: false, hasMasks: false, null);

        Exception error = Assert.ThrowsAny<Exception>(() => Score(model, new YoloDecoding(), out _, out _));

        Assert.Contains("The YOLO output has a score of 150", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Set YoloDecoding.Layout and Labels", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_caller_may_say_the_layout()
    {
        OnnxGraph model = Model([.. Centered, .. Scores], 20, boxesFirst: true, hasMasks: false, null);

        DetectionRow row = Score(model, new YoloDecoding { Layout = YoloLayout.BoxesFirstWithoutObjectness, Labels = Names }, out _, out _);

        Assert.Equal([5f, 20 * 23f / 62, 15, 40 * 23f / 62], row.Boxes, Near);
        Assert.Throws<ArgumentOutOfRangeException>(() => Score(model, new YoloDecoding { Layout = YoloLayout.EndToEnd }, out _, out _));
    }

    [Theory]
    [InlineData(128)]
    [InlineData(320)]
    [InlineData(640)]
    public void Open_axes_are_no_hindrance_at_any_size(int size)
    {
        // Half of the batch budget is 209 pixels.
        OnnxGraph model = SmallModels.Create(
            [new OnnxValue("image", OnnxElementType.Float, [new(null, "batch"), new(3), new(null, "height"), new(null, "width")])],
            [new OnnxValue("output", OnnxElementType.Float, [new(null, "batch"), new(7), new(null, "anchors")])],
            [
                OnnxNode.Create(
                    "AveragePool",
                    ["image"],
                    ["cells"],
                    OnnxAttribute.Of("kernel_shape", 8, 8),
                    OnnxAttribute.Of("strides", 8, 8)
                ),
                OnnxNode.Create("Conv", ["cells", "none", "box"], ["values"]),
                OnnxNode.Create("Reshape", ["values", "flat"], ["output"]),
            ],
            OnnxTensor.FromFloats("none", [7, 3, 1, 1], new float[21]),
            OnnxTensor.FromFloats("box", [7], [20, 30, 20, 20, 0.1f, 0.9f, 0.2f]),
            OnnxTensor.FromInt64s("flat", [3], [0, 7, -1])
        );
        IDataView view = _images.Paths(_ml);
        using ScoreOnnxTransformer transformer = Fit(view, model, new YoloDecoding(), size);

        DetectionRow row = First(transformer.Transform(view));

        Assert.Equal([10f * 31 / size, 20f * 23 / size, 30f * 31 / size, 40f * 23 / size], row.Boxes, Near);
    }

    private static OnnxGraph Model(float[] box, int boxes, bool boxesFirst, bool hasMasks, string? metadata)
    {
        var entries = new Dictionary<string, string>();
        if (metadata?.StartsWith('{') == true)
            entries["names"] = metadata;
        else if (metadata is "obb" or "classify")
            entries["task"] = metadata;
        else if (metadata == "rtdetr")
            (entries["task"], entries["description"]) = ("detect", "Ultralytics rtdetr-l model");
        if (metadata?.Contains("pose", StringComparison.Ordinal) == true)
            (entries["task"], entries["kpt_shape"]) = ("pose", "[17, 3]");
        if (metadata?.Contains("end to end", StringComparison.Ordinal) == true)
            entries["end2end"] = "True";
        if (metadata == "nms")
            entries["args"] = "{'batch': 1, 'nms': True}";
        OnnxGraph graph = DetectionNetworks.Yolo([box], boxesFirst, boxes);
        if (hasMasks)
        {
            graph = graph with
            {
                Nodes = [.. graph.Nodes, OnnxNode.Create("Conv", ["image", "masks.weights"], ["masks"])],
                Initializers = new Dictionary<string, OnnxTensor>(graph.Initializers)
                {
                    ["masks.weights"] = OnnxTensor.FromFloats("masks.weights", [32, 3, 1, 1], new float[96]),
                },
                Outputs = [.. graph.Outputs, OnnxValue.Create("masks", OnnxElementType.Float, -1, 32, 62, 62)],
            };
        }
        return graph with { Metadata = entries };
    }

    private DetectionRow Score(OnnxGraph model, YoloDecoding decoding, out ITransformer transformer, out IDataView view)
    {
        view = _images.Paths(_ml);
        transformer = Fit(view, model, decoding, 62);
        return First(transformer.Transform(view));
    }

    private DetectionRow First(IDataView scored) => _ml.Data.CreateEnumerable<DetectionRow>(scored, reuseRowObject: false).First();

    private ScoreOnnxTransformer Fit(IDataView view, OnnxGraph model, OnnxDecoding decoding, int size) =>
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
                                Width = size,
                                Height = size,
                                CropFraction = 1,
                                ResizeMode = ImageResizeMode.Stretch,
                            },
                        },
                    ],
                }
            )
            .Fit(view);

    private static bool Near(float a, float b) => MathF.Abs(a - b) < 2e-3f;
}
