using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Transforms;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Checking;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Scoring.Export;
using MLNetExtensions.Scoring.Saving;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Trainers;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Decoding;

/// <summary>
/// Steps that decode detections, saved and loaded: the columns of the loaded model are those of the one in memory, accelerated or not.
/// </summary>
public sealed class DetectionSaveTests : IDisposable
{
    private static readonly string[] Labels = ["cat", "dog", "owl"];

    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _wide = new(4, 31, 23),
        _high = new(3, 20, 57);
    private readonly ReloadedModels _reloaded = new();

    public void Dispose()
    {
        _reloaded.Dispose();
        _wide.Dispose();
        _high.Dispose();
    }

    [Theory]
    [InlineData("v5", "paths", ImageResizeMode.CropCenter)]
    [InlineData("v8", "paths", ImageResizeMode.Pad)]
    [InlineData("v8", "bytes", ImageResizeMode.Pad)]
    [InlineData("v8", "images", ImageResizeMode.Stretch)]
    [InlineData("v8", "pixels", ImageResizeMode.Stretch)]
    [InlineData("ssd", "paths", ImageResizeMode.Stretch)]
    [InlineData("ssd classes", "bytes", ImageResizeMode.CropCenter)]
    [InlineData("one at a time", "paths", ImageResizeMode.Pad)]
    public void Objects_are_the_same_after_loading(string network, string column, ImageResizeMode mode)
    {
        IDataView view = Images(column);
        (OnnxGraph model, DetectionDecoding decoding) = Network(network);
        using ScoreOnnxTransformer transformer = Fit(view, model, decoding, mode);
        DetectionRow[] expected = Rows(transformer.Transform(view));
        Assert.All(expected, row => Assert.InRange(row.Scores.Length, 2, 300));
        Assert.NotEqual(expected[0].Boxes, expected[1].Boxes);

        ITransformer loaded = _reloaded.Of(_ml, transformer, view.Schema);
        IDataView reloaded = loaded.Transform(view);
        AssertSame(expected, Rows(reloaded));
        VBuffer<ReadOnlyMemory<char>> names = default;
        reloaded.Schema["PredictedLabel"].GetKeyValues(ref names);
        Assert.Equal(decoding.Labels ?? ["0", "1", "2"], names.DenseValues().Select(n => n.ToString()));
        Assert.Equal(transformer.GetOutputSchema(view.Schema)["PredictedLabel"].Type, reloaded.Schema["PredictedLabel"].Type);
        Assert.DoesNotContain(reloaded.Schema, c => !c.IsHidden && c.Name.StartsWith("mlnetx", StringComparison.Ordinal));

        using TransformerChain<ITransformer> accelerated = _ml.Model.Accelerate(loaded);
        // The step that measures images is among those that are done in one.
        Assert.DoesNotContain(accelerated, t => t is ImageLoadingTransformer or CustomMappingTransformer<LoadedImage, MeasuredImage>);
        AssertSame(expected, Rows(accelerated.Transform(view)));
        AssertSame(expected, Rows(_reloaded.Of(_ml, accelerated, view.Schema).Transform(view)));
    }

    [Fact]
    public void Other_programs_get_the_outputs_as_they_are_where_they_ask_for_them()
    {
        IDataView view = Images("paths");
        (OnnxGraph model, DetectionDecoding decoding) = Network("ssd");
        using ScoreOnnxTransformer transformer = Fit(view, model, decoding, ImageResizeMode.Pad);

        transformer.ExportOnnx(ExportFile, new OnnxExportOptions { Decoding = false });

        OnnxGraph exported = OnnxGraph.Load(ExportFile);
        Assert.Equal(["boxes", "scores"], exported.Outputs.Select(o => o.Name));
        Assert.Equal("""["cat","dog","owl"]""", exported.Metadata["mlnetextensions.labels"]);
        using ScoreOnnxTransformer again = Scorer(view, decoding);
        AssertSame(Rows(transformer.Transform(view)), Rows(again.Transform(view)));
    }

    [Theory]
    [InlineData("v5", ImageResizeMode.CropCenter)]
    [InlineData("v8", ImageResizeMode.Pad)]
    [InlineData("end to end", ImageResizeMode.Stretch)]
    [InlineData("ssd", ImageResizeMode.Pad)]
    [InlineData("ssd classes", ImageResizeMode.CropCenter)]
    public void Other_programs_get_the_objects(string network, ImageResizeMode mode)
    {
        IDataView view = Images("paths");
        (OnnxGraph model, DetectionDecoding decoding) = Network(network);
        using ScoreOnnxTransformer transformer = Fit(view, model, decoding, mode);

        transformer.ExportOnnx(ExportFile);

        OnnxGraph exported = OnnxGraph.Load(ExportFile);
        Assert.Equal(["Score", "PredictedBoundingBoxes", "mlnetx.Score.label"], exported.Outputs.Select(o => o.Name));
        Assert.Equal(["mlnetx.Score.pixels", "mlnetx.Score.size"], exported.Inputs.Select(i => i.Name));
        Assert.DoesNotContain(exported.Check(), p => p.Kind is not OnnxProblemKind.UnknownOperator);
        using ScoreOnnxTransformer again = Scorer(view, decoding: null);
        IDataView scored = again.Transform(view);
        DetectionRow[] expected = Rows(transformer.Transform(view));
        AssertSame(
            expected,
            [
                .. scored
                    .GetColumn<float[]>("PredictedBoundingBoxes")
                    .Zip(scored.GetColumn<float[]>("Score"), scored.GetColumn<string[]>("mlnetx.Score.label"))
                    .Select(row => new DetectionRow
                    {
                        Boxes = row.First,
                        Scores = row.Second,
                        Labels = [.. row.Third.Select(name => (uint)Array.IndexOf(Names(decoding), name) + 1)],
                    }),
            ]
        );
    }

    [Fact]
    public void A_batch_gets_as_many_objects_as_its_fullest_image()
    {
        (OnnxGraph model, DetectionDecoding decoding) = Network("v8");
        IDataView view = Images("paths");
        using ScoreOnnxTransformer transformer = Fit(view, model, decoding with { ScoreThreshold = 0.94f }, ImageResizeMode.Stretch);
        transformer.ExportOnnx(ExportFile);
        using var session = new InferenceSession(ExportFile);
        // The second image's scores are higher, so that more reach the threshold.
        var side = (int)OnnxGraph.Load(ExportFile).Inputs[0].Shape![2].Size!.Value;
        float[] black = new float[3 * side * side],
            white = [.. Enumerable.Repeat(255f, 3 * side * side)];

        (float[] scores, float[] boxes, string[] labels, long count) = Run(session, [.. black, .. white], [100, 50, 200, 400], 2);
        (float[] first, float[] firstBoxes, string[] firstLabels, long fewer) = Run(session, black, [100, 50], 1);
        (float[] second, float[] secondBoxes, string[] secondLabels, long most) = Run(session, white, [200, 400], 1);

        Assert.InRange(fewer, 1, most - 1);
        Assert.Equal(most, count);
        Assert.Equal([.. first, .. new float[most - fewer], .. second], scores, (a, b) => MathF.Abs(a - b) < 1e-5f);
        Assert.Equal([.. firstBoxes, .. new float[4 * (most - fewer)], .. secondBoxes], boxes, (a, b) => MathF.Abs(a - b) < 1e-2f);
        Assert.Equal([.. firstLabels, .. Enumerable.Repeat("", (int)(most - fewer)), .. secondLabels], labels);
    }

    [Fact]
    public async Task A_program_with_the_package_of_steps_alone_finds_the_same()
    {
        IDataView view = Images("paths");
        (OnnxGraph model, DetectionDecoding decoding) = Network("v8");
        using ScoreOnnxTransformer transformer = Fit(view, model, decoding with { Labels = Labels }, ImageResizeMode.Pad);
        string zip = Path.ChangeExtension(ExportFile, ".zip");
        _ml.Model.Save(transformer, view.Schema, zip);

        string[] lines = await DeployedApp.Run("SavedStepsApp", [zip, .. _wide.Rows.Concat(_high.Rows).Select(r => r.Image)]);

        AssertSame(Rows(transformer.Transform(view)), [.. lines.Select(Parse)]);

        static DetectionRow Parse(string line)
        {
            string[] fields = line.Split('\t');
            int count = fields.Length / 6;
            float[] numbers = [.. fields[count..].Select(field => float.Parse(field, CultureInfo.InvariantCulture))];
            return new DetectionRow
            {
                Labels = [.. fields[..count].Select(name => (uint)Array.IndexOf(Labels, name) + 1)],
                Boxes = numbers[..(4 * count)],
                Scores = numbers[(4 * count)..],
            };
        }
    }

    private string ExportFile => Path.Combine(Path.GetDirectoryName(_wide.Rows[0].Image)!, "detector.onnx");

    private static string[] Names(DetectionDecoding decoding) => [.. decoding.Labels ?? ["0", "1", "2"]];

    private static (float[] Scores, float[] Boxes, string[] Labels, long Count) Run(
        InferenceSession session,
        float[] pixels,
        float[] sizes,
        int images
    )
    {
        int side = (int)Math.Sqrt(pixels.Length / images / 3);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(pixels, [images, 3, side, side]),
            size = OrtValue.CreateTensorValueFromMemory(sizes, [images, 2]);
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(
            run,
            ["mlnetx.Score.pixels", "mlnetx.Score.size"],
            [input, size],
            ["Score", "PredictedBoundingBoxes", "mlnetx.Score.label"]
        );
        return (
            outputs[0].GetTensorDataAsSpan<float>().ToArray(),
            outputs[1].GetTensorDataAsSpan<float>().ToArray(),
            outputs[2].GetStringTensorAsArray(),
            outputs[0].GetTensorTypeAndShape().Shape[1]
        );
    }

    private ScoreOnnxTransformer Scorer(IDataView view, DetectionDecoding? decoding) =>
        _ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    ModelFile = ExportFile,
                    Decoding = decoding,
                    Inputs = [new OnnxInput { ColumnName = "Image" }],
                }
            )
            .Fit(view);

    private static (OnnxGraph Model, DetectionDecoding Decoding) Network(string name)
    {
        // 40 boxes around the image's middle, many of which overlap, and three classes.
        var random = new Random(5);
        const int Boxes = 40;
        float[][] centers =
        [
            .. Enumerable
                .Range(0, Boxes)
                .Select(_ =>
                    (float[])
                        [
                            20 + (20 * random.NextSingle()),
                            20 + (20 * random.NextSingle()),
                            10 + (8 * random.NextSingle()),
                            10 + (8 * random.NextSingle()),
                        ]
                ),
        ];
        float[][] scores = [.. centers.Select(_ => (float[])[random.NextSingle(), random.NextSingle(), random.NextSingle()])];
        // Scores move as little as boxes do, which the image moves by up to three pixels.
        const float Share = 1e-6f;
        switch (name)
        {
            case "v5":
                return (
                    DetectionNetworks.Of(
                        Share,
                        ("output", [1, Boxes, 8], [.. centers.SelectMany((c, i) => (float[])[.. c, 0.9f, .. scores[i]])])
                    ),
                    new YoloDecoding { Labels = Labels }
                );
            case "end to end":
                return (
                    DetectionNetworks.Of(
                        Share,
                        (
                            "output",
                            [1, Boxes, 6],
                            [.. centers.SelectMany((c, i) => (float[])[c[0] - 5, c[1] - 5, c[0] + 5, c[1] + 5, scores[i][0], i % 3])]
                        )
                    ),
                    new YoloDecoding { Labels = Labels, Layout = YoloLayout.EndToEnd }
                );
            case "v8" or "one at a time":
                float[] values =
                [
                    .. Enumerable.Range(0, 4).SelectMany(v => centers.Select(c => c[v])),
                    .. Enumerable.Range(0, 3).SelectMany(v => scores.Select(s => s[v])),
                ];
                return (
                    DetectionNetworks.Of(Share, name == "v8" ? -1 : 1, ("output", [1, 7, Boxes], values)),
                    new YoloDecoding { IouThreshold = 0.6f, ScoreThreshold = 0.4f }
                );
            default:
                float[] edges =
                [
                    .. centers.SelectMany(c => (float[])[(c[1] - c[3]) / 62, (c[0] - c[2]) / 62, (c[1] + c[3]) / 62, (c[0] + c[2]) / 62]),
                ];
                return name == "ssd"
                    ? (
                        DetectionNetworks.Of(
                            Share / 62,
                            ("boxes", [1, Boxes, 4], edges),
                            ("scores", [1, Boxes, 4], [.. scores.SelectMany(s => (float[])[0.1f, .. s])])
                        ),
                        new SsdDecoding
                        {
                            BoxesOutput = "boxes",
                            ScoresOutput = "scores",
                            Labels = Labels,
                        }
                    )
                    : (
                        DetectionNetworks.Of(
                            Share / 62,
                            ("boxes", [1, Boxes, 4], edges),
                            ("scores", [1, Boxes], [.. scores.Select(s => s[0])]),
                            ("classes", [1, Boxes], [.. scores.Select((_, i) => 1.2f + (i % 3))])
                        ),
                        new SsdDecoding
                        {
                            BoxesOutput = "boxes",
                            ScoresOutput = "scores",
                            ClassesOutput = "classes",
                            Labels = Labels,
                            MaxDetections = 5,
                        }
                    );
        }
    }

    private IDataView Images(string column)
    {
        ColorImages.Row[] rows = [.. _wide.Rows, .. _high.Rows];
        IDataView paths = _ml.Data.LoadFromEnumerable(rows);
        switch (column)
        {
            case "bytes":
                return _ml.Data.LoadFromEnumerable(
                    rows.Select(r => new ColorImages.EncodedRow
                    {
                        Image = File.ReadAllBytes(r.Image),
                        Label = r.Label,
                        Number = r.Number,
                    })
                );
            case "images":
                return _ml.Transforms.LoadImages("Image", "", "Image").Fit(paths).Transform(paths);
            case "pixels":
                return _ml
                    .Transforms.LoadImages("Image", "", "Image")
                    .Append(_ml.Transforms.ResizeImages("Image", 62, 62))
                    .Append(_ml.Transforms.ExtractPixels("Image"))
                    .Fit(paths)
                    .Transform(paths);
            default:
                return paths;
        }
    }

    private ScoreOnnxTransformer Fit(IDataView view, OnnxGraph model, DetectionDecoding decoding, ImageResizeMode mode) =>
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
                                CropFraction = view.Schema["Image"].Type is VectorDataViewType { IsKnownSize: true } ? 1 : 0.9f,
                                ResizeMode = mode,
                            },
                        },
                    ],
                }
            )
            .Fit(view);

    private DetectionRow[] Rows(IDataView view) => [.. _ml.Data.CreateEnumerable<DetectionRow>(view, reuseRowObject: false)];

    private static void AssertSame(DetectionRow[] expected, DetectionRow[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach ((DetectionRow want, DetectionRow got) in expected.Zip(actual))
        {
            Assert.Equal(want.Labels, got.Labels);
            Assert.Equal(want.Scores, got.Scores, (a, b) => MathF.Abs(a - b) <= 1e-5f);
            Assert.Equal(want.Boxes, got.Boxes, (a, b) => MathF.Abs(a - b) <= 1e-5f * 57);
        }
    }
}
