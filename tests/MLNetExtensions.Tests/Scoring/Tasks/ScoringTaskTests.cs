using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Tasks;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Tasks;

/// <summary>The meaning of a network's outputs, as nodes behind the network: here a network whose outputs are the means of the colors.</summary>
public sealed class ScoringTaskTests
{
    private static readonly ScoringNames Names = new("Score");

    private static readonly ImagePreprocessing Preprocessing = new()
    {
        Width = 2,
        Height = 2,
        CropFraction = 1,
        Scale = 1,
        Mean = [0, 0, 0],
        StandardDeviation = [1, 1, 1],
    };

    [Fact]
    public void Classes_have_probabilities_and_the_text_of_the_best()
    {
        var task = new ClassificationScoring(Labels("ant", "bee", "cat"), "PredictedLabel");

        (float[] scores, object? label) = Run(task, 1, 3, 2);

        Assert.Equal((3, 3), (task.NetworkOutputs, task.OutputLength));
        AssertClose(Softmax(1, 3, 2), scores);
        Assert.Equal("bee", label);
        Assert.Equal(["ant", "bee", "cat"], task.LabelNames);
    }

    [Fact]
    public void Levels_have_probabilities_that_add_up()
    {
        var task = new OrdinalScoring(Labels("low", "middle", "high", "top"), "PredictedLabel");

        // Above "low" by 2; above "middle" by -1; "high" cannot be likelier than what is below it: 1 counts as -1.
        (float[] scores, object? label) = Run(task, 2, -1, 1);

        Assert.Equal((3, 4), (task.NetworkOutputs, task.OutputLength));
        float first = Sigmoid(2),
            second = Sigmoid(-1);
        AssertClose([1 - first, first - second, 0, second], scores);
        Assert.Equal("middle", label);
    }

    [Fact]
    public void Labels_are_each_for_themselves()
    {
        var task = new MultiLabelScoring(3, ["warm", "cold", "wet"], "PredictedLabel");

        (float[] scores, object? label) = Run(task, 1, -2, 0);

        AssertClose([Sigmoid(1), Sigmoid(-2), 0.5f], scores);
        Assert.Equal(new[] { true, false, false }, label);
    }

    [Fact]
    public void A_number_is_in_the_labels_unit()
    {
        var task = new RegressionScoring(mean: 100, deviation: 20);

        (float[] scores, object? label) = Run(task, 1.5f);

        AssertClose([130], scores);
        Assert.Null(label);
        Assert.Empty(task.LabelNames);
    }

    [Fact]
    public void Columns_are_annotated_as_ML_NETs_scores_are()
    {
        IDataView data = View("a", "b");

        DataViewSchema.Annotations score = new RegressionScoring(0, 1).Columns(data.Schema, Names)[0].Annotations;
        string[] columns =
        [
            .. new ClassificationScoring(Labels("a", "b"), "Best").Columns(data.Schema, Names).Select(column => column.Name),
        ];

        ReadOnlyMemory<char> kind = default;
        score.GetValue("ScoreColumnKind", ref kind);
        Assert.Equal("Regression", kind.ToString());
        Assert.Equal(["Score", "Best"], columns);
    }

    /// <summary>Runs the exported model on an image whose colors give these outputs.</summary>
    private static (float[] Scores, object? Label) Run(ScoringTask task, params float[] outputs)
    {
        var pixels = new float[3 * 2 * 2];
        Array.Fill(pixels, 1);
        OnnxGraph network = SmallModels.Create(
            [OnnxValue.Create("image", OnnxElementType.Float, -1, 3, 2, 2)],
            [OnnxValue.Create("logits", OnnxElementType.Float, -1, outputs.Length)],
            [
                OnnxNode.Create("GlobalAveragePool", ["image"], ["means"]),
                OnnxNode.Create("Flatten", ["means"], ["flat"]),
                OnnxNode.Create("MatMul", ["flat", "weights"], ["logits"]),
            ],
            OnnxTensor.FromFloats("weights", [3, outputs.Length], [.. outputs, .. new float[2 * outputs.Length]])
        );
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(task.Export(network, Preprocessing, Names).ToBytes(), options);
        using var run = new RunOptions();
        using OrtValue image = OrtValue.CreateTensorValueFromMemory(pixels, [1, 3, 2, 2]);
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, [Names.Pixels], [image], session.OutputNames);
        float[] scores = results[0].GetTensorDataAsSpan<float>().ToArray();
        if (results.Count == 1)
            return (scores, null);
        OrtValue label = results[1];
        return label.GetTensorTypeAndShape().ElementDataType == TensorElementType.String
            ? (scores, label.GetStringTensorAsArray()[0])
            : (scores, label.GetTensorDataAsSpan<bool>().ToArray());
    }

    private static ClassLabels Labels(params string[] texts) => ClassLabels.Of(View(texts).Schema["Label"]);

    private static IDataView View(params string[] texts)
    {
        var ml = new MLContext(seed: 1);
        IDataView rows = ml.Data.LoadFromEnumerable(texts.Select(text => new Row { Label = text }));
        return ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
    }

    private static float[] Softmax(params float[] logits)
    {
        float sum = logits.Sum(MathF.Exp);
        return [.. logits.Select(logit => MathF.Exp(logit) / sum)];
    }

    private static float Sigmoid(float logit) => 1 / (1 + MathF.Exp(-logit));

    private static void AssertClose(float[] expected, float[] actual) => Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) < 1e-5f);

    private sealed class Row
    {
        public string Label { get; set; } = "";
    }
}
