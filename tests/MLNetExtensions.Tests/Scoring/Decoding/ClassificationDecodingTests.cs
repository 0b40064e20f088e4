using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Decoding;

public sealed class ClassificationDecodingTests : IDisposable
{
    private static readonly string[] Names = ["cat", "dog", "eel", "fox"];

    private readonly MLContext _ml = new(seed: 1);
    private readonly ReloadedModels _reloaded = new();

    public void Dispose() => _reloaded.Dispose();

    private readonly Row[] _rows = [new() { X = [1, 3, 2, 0] }, new() { X = [5, 5, 4, 5] }, new() { X = [-1, -1, -1, -0.5f] }];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Scores_labels_and_best_classes_are_those_of_the_output(bool reloaded)
    {
        IDataView scored = Score(
            new ClassificationDecoding
            {
                Labels = Names,
                ApplySoftmax = true,
                TopK = 2,
            },
            reloaded
        );

        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        for (int row = 0; row < _rows.Length; row++)
        {
            double[] exp = [.. _rows[row].X.Select(x => Math.Exp(x))];
            for (int c = 0; c < 4; c++)
                Assert.Equal(exp[c] / exp.Sum(), scores[row][c], 1e-6);
        }
        Assert.Equal(["dog", "cat", "fox"], Labels(scored));
        Assert.Equal(
            [
                ["dog", "eel"],
                ["cat", "dog"],
                ["fox", "cat"],
            ],
            scored.GetColumn<string[]>("TopLabels")
        );
        Assert.Equal(scores.Select(s => s.OrderDescending().Take(2).ToArray()), scored.GetColumn<float[]>("TopScores"));
        VBuffer<ReadOnlyMemory<char>> slots = default;
        scored.Schema["Score"].GetSlotNames(ref slots);
        Assert.Equal(Names, slots.DenseValues().Select(n => n.ToString()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Below_the_threshold_nothing_is_predicted(bool reloaded)
    {
        IDataView scored = Score(
            new ClassificationDecoding
            {
                Labels = Names,
                Threshold = 3,
                TopK = 3,
            },
            reloaded
        );

        Assert.Equal([2u, 1, 0], scored.GetColumn<uint>("PredictedLabel"));
        Assert.Equal(
            [
                ["dog", "", ""],
                ["cat", "dog", "fox"],
                ["", "", ""],
            ],
            scored.GetColumn<string[]>("TopLabels")
        );
        Assert.Equal(
            [
                [3, float.NaN, float.NaN],
                [5, 5, 5],
                [float.NaN, float.NaN, float.NaN],
            ],
            scored.GetColumn<float[]>("TopScores")
        );
    }

    [Fact]
    public void Evaluate_takes_the_columns()
    {
        IDataView labeled = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(View()).Transform(View());
        using ScoreOnnxTransformer transformer = Estimator(new ClassificationDecoding { Labels = Names, ApplySoftmax = true }).Fit(labeled);

        IDataView scored = transformer.Transform(labeled);
        double right = scored
            .GetColumn<uint>("PredictedLabel")
            .Zip(scored.GetColumn<uint>("Label"), (predicted, label) => predicted == label ? 1.0 : 0)
            .Average();
        Assert.Equal(right, _ml.MulticlassClassification.Evaluate(scored).MicroAccuracy, 1e-9);
    }

    [Theory]
    [InlineData("cat\ndog\neel\nfox\n")]
    [InlineData("cat\r\ndog\r\neel\r\nfox")]
    [InlineData("""["cat", "dog", "eel", "fox"]""")]
    public void Labels_come_from_a_file(string text)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Add("labels.txt", System.Text.Encoding.UTF8.GetBytes(text));

        Assert.Equal(["dog", "cat", "fox"], Labels(Score(new ClassificationDecoding { LabelsFile = file }, reloaded: false)));
    }

    [Theory]
    [InlineData("mlnetextensions.labels", """["cat","dog","eel","fox"]""")]
    [InlineData("names", """{0: 'cat', 1: "dog", 2: 'eel', 3: 'fox'}""")]
    public void Labels_come_from_the_model(string key, string value)
    {
        OnnxGraph model = Model() with { Metadata = new Dictionary<string, string> { [key] = value } };

        Assert.Equal(["dog", "cat", "fox"], Labels(Score(new ClassificationDecoding(), reloaded: false, model)));
    }

    [Fact]
    public void Without_labels_classes_are_numbers() =>
        Assert.Equal(["1", "0", "3"], Labels(Score(new ClassificationDecoding(), reloaded: false)));

    [Fact]
    public void Wrong_labels_are_errors()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains(
            "There are 3 labels for the 4 classes",
            Assert
                .Throws<ArgumentOutOfRangeException>(() => Score(new ClassificationDecoding { Labels = Names[1..] }, reloaded: false))
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "line 2, is empty",
            Assert
                .Throws<InvalidDataException>(() =>
                    Score(new ClassificationDecoding { LabelsFile = folder.Add("a", "cat\n\ndog"u8) }, reloaded: false)
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Throws<FileNotFoundException>(() =>
            Score(new ClassificationDecoding { LabelsFile = folder.Path + "/none" }, reloaded: false)
        );
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Features_are_a_vector_of_any_value(bool normalize, bool reloaded)
    {
        IDataView scored = Score(new FeatureDecoding { Output = "twice", Normalize = normalize }, reloaded);

        float[] features = scored.GetColumn<float[]>("Features").First();
        double length = normalize ? Math.Sqrt(4 + 36 + 16) : 1;
        Assert.Equal([2 / length, 6 / length, 4 / length, 0], features.Select(f => (double)f), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    private static OnnxGraph Model() =>
        SmallModels.Create(
            [OnnxValue.Create("X", OnnxElementType.Float, -1, 4)],
            [OnnxValue.Create("logits", OnnxElementType.Float, -1, 4, 1, 1)],
            [
                OnnxNode.Create("Add", ["X", "X"], ["twice"]),
                OnnxNode.Create("Mul", ["twice", "half"], ["once"]),
                OnnxNode.Create("Unsqueeze", ["once", "axes"], ["logits"]),
            ],
            OnnxTensor.FromFloats("half", [1], [0.5f]),
            OnnxTensor.FromInt64s("axes", [2], [2, 3])
        );

    private IDataView Score(OnnxDecoding decoding, bool reloaded, OnnxGraph? model = null)
    {
        IDataView view = View();
        ITransformer transformer = Estimator(decoding, model).Fit(view);
        return (reloaded ? _reloaded.Of(_ml, transformer, view.Schema) : transformer).Transform(view);
    }

    private ScoreOnnxEstimator Estimator(OnnxDecoding decoding, OnnxGraph? model = null) =>
        _ml.Transforms.ScoreOnnx(new ScoreOnnxOptions { Model = model ?? Model(), Decoding = decoding });

    private IDataView View() => _ml.Data.LoadFromEnumerable(_rows.Select((r, i) => new Row { X = r.X, Label = Names[i] }));

    private IEnumerable<string> Labels(IDataView scored) =>
        _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored).Transform(scored).GetColumn<string>("PredictedLabel");

    private sealed class Row
    {
        [VectorType(4)]
        public float[] X { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
