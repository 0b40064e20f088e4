using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;
using MLNetExtensions.Scoring.Tasks;
using MLNetExtensions.Tests.Trainers;
using Xunit;

namespace MLNetExtensions.Tests.Scoring;

public class ScoringGraphTests
{
    private static readonly ScoringNames Names = new("Score");

    [Fact]
    public void Classifier_gives_probabilities_and_names()
    {
        OnnxGraph graph = Classifier("red", "green", "blue");
        var pixels = new float[2 * 360];
        pixels.AsSpan(120, 120).Fill(200); // the first image's green
        pixels.AsSpan(360 + 240, 120).Fill(200); // the second's blue

        using var session = new InferenceSession(graph.ToBytes());
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(pixels, [2, 3, 10, 12]);
        using var outputs = session.Run(new RunOptions(), [Names.Pixels], [input], [Names.Output, Names.LabelText]);

        float rest = 1 / (MathF.Exp(4) + 2);
        Assert.Equal(
            [rest, 1 - (2 * rest), rest, rest, rest, 1 - (2 * rest)],
            outputs[0].GetTensorDataAsSpan<float>().ToArray().Select(v => v),
            Near
        );
        Assert.Equal(["green", "blue"], outputs[1].GetStringTensorAsArray());
        Assert.Equal([2L, 1L], outputs[1].GetTensorTypeAndShape().Shape);
    }

    [Fact]
    public void Classifier_carries_slot_names_and_metadata()
    {
        OnnxGraph graph = Classifier("red", "green", "blue");

        OnnxNode slots = Assert.Single(graph.Nodes, n => n.Name == "mlnet.Score.SlotNames");
        Assert.Equal(["red", "green", "blue"], (string[])slots.Attributes["keys_strings"].Value!);
        Assert.Equal(["mlnetextensions.labels", "mlnetextensions.preprocessing"], graph.Metadata.Keys.Order());
    }

    [Fact]
    public void Featurizer_makes_one_vector_an_image()
    {
        OnnxGraph network = TinyClassifier.Network() with { Outputs = [OnnxValue.Create("means", OnnxElementType.Float, -1, 3, 1, 1)] };

        OnnxGraph graph = ScoringGraph.Featurizer(
            network,
            TinyClassifier.Preprocessing,
            new ScoringNames("Features"),
            new Dictionary<string, string>()
        );

        using var session = new InferenceSession(graph.ToBytes());
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(7f, 720).ToArray(), [2, 3, 10, 12]);
        using var outputs = session.Run(new RunOptions(), [graph.Inputs[0].Name], [input], ["Features"]);
        Assert.Equal([2L, 3L], outputs[0].GetTensorTypeAndShape().Shape);
    }

    [Fact]
    public void Networks_of_several_inputs_are_refused()
    {
        OnnxGraph network = TinyClassifier.Network();
        network = network with { Inputs = [.. network.Inputs, OnnxValue.Create("second", OnnxElementType.Float, 1)] };

        var error = Assert.Throws<OnnxFormatException>(() =>
            ScoringGraph.Featurizer(network, TinyClassifier.Preprocessing, Names, new Dictionary<string, string>())
        );

        Assert.Contains("second", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Metadata_says_what_is_left_to_the_caller()
    {
        ImagePreprocessing preprocessing = TinyClassifier.Preprocessing with { Width = 7, Height = 7, CropFraction = 0.875f };

        string json = ScoringMetadata.Of(preprocessing)["mlnetextensions.preprocessing"];

        ImagePreprocessing read = MLNetExtensions.Backbones.PreprocessingJson.Read(json, "test");
        Assert.Equal((8, 8, 1f, 1f), (read.Width, read.CanvasWidth, read.CropFraction, read.Scale));
        Assert.Equal([0f, 0, 0], read.Mean);
    }

    private static OnnxGraph Classifier(params string[] names) =>
        new ClassificationScoring(Labels(names), "PredictedLabel").Export(TinyClassifier.Network(), TinyClassifier.Preprocessing, Names);

    private static ClassLabels Labels(string[] names)
    {
        var annotations = new Microsoft.ML.DataViewSchema.Annotations.Builder();
        annotations.Add(
            "KeyValues",
            new Microsoft.ML.Data.VectorDataViewType(Microsoft.ML.Data.TextDataViewType.Instance, names.Length),
            (ref Microsoft.ML.Data.VBuffer<ReadOnlyMemory<char>> target) =>
                target = new Microsoft.ML.Data.VBuffer<ReadOnlyMemory<char>>(names.Length, [.. names.Select(n => n.AsMemory())])
        );
        var builder = new Microsoft.ML.DataViewSchema.Builder();
        builder.AddColumn("Label", new Microsoft.ML.Data.KeyDataViewType(typeof(uint), (ulong)names.Length), annotations.ToAnnotations());
        return ClassLabels.Of(builder.ToSchema()["Label"]);
    }

    private static bool Near(float a, float b) => MathF.Abs(a - b) < 1e-5f;
}
