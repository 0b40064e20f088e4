using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;
using MLNetExtensions.Scoring.Tasks;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;

namespace MLNetExtensions.Tests.Trainers;

/// <summary>A classifier by mean color: class c has the largest logit where color channel c does. Nothing needs training.</summary>
internal static class TinyClassifier
{
    public static readonly ImagePreprocessing Preprocessing = new()
    {
        Width = 12,
        Height = 10,
        ResizeMode = ImageResizeMode.CropCenter,
        CropFraction = 1,
    };

    /// <summary>From pixels [batch, 3, 10, 12] to logits [batch, 3].</summary>
    public static OnnxGraph Network(string scaleName = "scale") =>
        new()
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("input", OnnxElementType.Float, -1, 3, 10, 12)],
            Outputs = [OnnxValue.Create("logits", OnnxElementType.Float, -1, 3)],
            Nodes =
            [
                OnnxNode.Create("GlobalAveragePool", ["input"], ["means"]),
                OnnxNode.Create("Mul", ["means", scaleName], ["scaled"]),
                OnnxNode.Create("Flatten", ["scaled"], ["logits"]),
            ],
            Initializers = new OrderedDictionary<string, OnnxTensor> { [scaleName] = OnnxTensor.FromFloats(scaleName, [1], [0.02f]) },
        };

    /// <summary>The same of the image's upper half.</summary>
    public static OnnxGraph TopHalfNetwork()
    {
        OnnxGraph graph = Network();
        float[] mask = [.. Enumerable.Range(0, 120).Select(i => i < 60 ? 1f : 0f)];
        return graph with
        {
            Nodes = [OnnxNode.Create("Mul", ["input", "mask"], ["top"]), graph.Nodes[0] with { Inputs = ["top"] }, .. graph.Nodes.Skip(1)],
            Initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers)
            {
                ["mask"] = OnnxTensor.FromFloats("mask", [1, 1, 10, 12], mask),
            },
        };
    }

    public static FineTuneTransformer Transformer(
        MLContext ml,
        DataViewSchema schema,
        string image = "Image",
        string score = "Score",
        string predicted = "PredictedLabel"
    ) => Transformer(ml, schema, Network(), image, score, predicted);

    public static FineTuneTransformer Transformer(
        MLContext ml,
        DataViewSchema schema,
        OnnxGraph network,
        string image = "Image",
        string score = "Score",
        string predicted = "PredictedLabel",
        ImagePreprocessing? preprocessing = null,
        bool uprightWhenSaved = false
    )
    {
        preprocessing ??= Preprocessing;
        using var decoder = new ImageDecoder(preprocessing);
        var task = new ClassificationScoring(ClassLabels.Of(schema["Label"]), predicted);
        return new FineTuneTransformer(
            ml,
            new TrainedNetwork(network, preprocessing, task, Result),
            ImageColumn.Of(schema, image, decoder, folder: null, uprightWhenSaved),
            score
        );
    }

    private static TrainingResult Result { get; } =
        new()
        {
            History = new TrainingHistory
            {
                Epochs = [],
                StopReason = StopReason.Completed,
                BestEpoch = -1,
                Runtime = "none",
                Device = "none",
            },
            TrainingRows = 0,
            ValidationRows = 0,
            InvalidImages = [],
            Warnings = [],
        };
}

/// <summary>An estimator that has nothing to learn.</summary>
internal sealed class TinyEstimator(MLContext ml) : IEstimator<FineTuneTransformer>
{
    public FineTuneTransformer Fit(IDataView input) => TinyClassifier.Transformer(ml, input.Schema);

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        LabeledTask.Of(ImageTask.Classification).AddColumns(inputSchema, new FineTuneOptions());
}
