using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Scoring.Export;
using MLNetExtensions.Scoring.Export.Opsets;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.Tests.Scoring.ScoreOnnx;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Export;

public sealed class ExportOnnxTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(9);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(13)]
    [InlineData(18)]
    [InlineData(21)]
    public void An_exported_model_scores_the_same_in_any_opset(int? opset)
    {
        IDataView view = _images.Paths(_ml);
        string file = Path.Combine(_folder.Path, "model.onnx"),
            ort = Path.Combine(_folder.Path, "model.ort"),
            card = Path.Combine(_folder.Path, "README.md");
        using FineTuneTransformer trained = TinyClassifier.Transformer(_ml, view.Schema);

        trained.ExportOnnx(
            file,
            new OnnxExportOptions
            {
                Opset = opset,
                OrtFormatPath = ort,
                ModelCardPath = card,
            }
        );

        Assert.Equal(opset ?? 17, OnnxGraph.Load(file).Opset);
        float[][] expected = [.. trained.Transform(view).GetColumn<float[]>("Score")];
        // Preprocessing and labels come from the file's metadata.
        using ScoreOnnxTransformer again = _ml.Transforms.ScoreOnnx("Probabilities", "Image", file).Fit(view);
        AssertNear(expected, again.Transform(view).GetColumn<float[]>("Probabilities"));
        using var session = new Microsoft.ML.OnnxRuntime.InferenceSession(ort);
        Assert.Contains("Score", session.OutputNames);
        string text = File.ReadAllText(card);
        Assert.Contains("red, green, blue", text, StringComparison.Ordinal);
        Assert.Contains("12 x 10 pixels", text, StringComparison.Ordinal);
        Assert.Contains("Trained on 0 images", text, StringComparison.Ordinal);
        Assert.Contains("session.run([\"Score\"]", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scored_model_is_exported_with_preprocessing_and_decoding()
    {
        IDataView view = _images.Paths(_ml);
        string file = Path.Combine(_folder.Path, "model.onnx");
        using ScoreOnnxTransformer transformer = _ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    Model = SmallModels.ChannelMeans(10, 12),
                    Inputs =
                    [
                        new OnnxInput
                        {
                            ColumnName = "Image",
                            Preprocessing = new ImagePreprocessing
                            {
                                Width = 12,
                                Height = 10,
                                CropFraction = 1,
                            },
                        },
                    ],
                    Decoding = new ClassificationDecoding { Labels = ColorImages.Names, ApplySoftmax = true },
                }
            )
            .Fit(view);

        transformer.ExportOnnx(file);

        using ScoreOnnxTransformer again = _ml.Transforms.ScoreOnnx("Again", "Image", file).Fit(view);
        AssertNear([.. transformer.Transform(view).GetColumn<float[]>("Score")], again.Transform(view).GetColumn<float[]>("Again"));
    }

    [Theory]
    [InlineData(17, 21)]
    [InlineData(21, 13)]
    public void Reductions_and_splits_are_rewritten(int from, int to)
    {
        bool isNew = from >= 18;
        OnnxGraph graph = SmallModels.Create(
            [OnnxValue.Create("x", OnnxElementType.Float, -1, 4)],
            [OnnxValue.Create("y", OnnxElementType.Float, -1, 1)],
            [
                isNew
                    ? OnnxNode.Create("Split", ["x"], ["a", "b"], OnnxAttribute.Of("axis", 1L), OnnxAttribute.Of("num_outputs", 2L))
                    : OnnxNode.Create("Split", ["x"], ["a", "b"], OnnxAttribute.Of("axis", 1L)),
                OnnxNode.Create("Sub", ["a", "b"], ["d"]),
                isNew
                    ? OnnxNode.Create("ReduceMax", ["d", "one"], ["y"])
                    : OnnxNode.Create("ReduceMax", ["d"], ["y"], OnnxAttribute.Of("axes", [1L])),
            ],
            OnnxTensor.FromInt64s("one", [1], [1])
        ) with
        {
            Opsets = new Dictionary<string, int> { [""] = from },
        };

        Assert.Equal(to, OpsetConversion.Convert(graph, to).Opset);
    }

    [Fact]
    public void An_opset_that_is_not_written_is_an_error()
    {
        IDataView view = _images.Paths(_ml);
        using FineTuneTransformer trained = TinyClassifier.Transformer(_ml, view.Schema);
        Assert.Throws<ArgumentOutOfRangeException>(() => trained.ExportOnnx("x.onnx", new OnnxExportOptions { Opset = 12 }));
    }

    private static void AssertNear(float[][] expected, IEnumerable<float[]> actual)
    {
        float[][] values = [.. actual];
        Assert.Equal(expected.Length, values.Length);
        for (int row = 0; row < expected.Length; row++)
        for (int i = 0; i < expected[row].Length; i++)
            Assert.Equal(expected[row][i], values[row][i], 1e-5f);
    }
}
