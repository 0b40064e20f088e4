using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;
using MLNetExtensions.Scoring.Tasks;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;

namespace MLNetExtensions.Faults.Formats;

/// <summary>A fine-tuned classifier of small images by their mean color, which needed no training.</summary>
internal static class SmallClassifier
{
    private const int Side = 12;

    public static FineTuneTransformer Create(MLContext ml, out DataViewSchema schema)
    {
        IDataView rows = ml.Data.LoadFromEnumerable([
            new Row { Image = "r.png", Label = "red" },
            new Row { Image = "g.png", Label = "green" },
            new Row { Image = "b.png", Label = "blue" },
        ]);
        schema = ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows).Schema;
        var preprocessing = new ImagePreprocessing
        {
            Width = Side,
            Height = Side,
            ResizeMode = ImageResizeMode.CropCenter,
            CropFraction = 1,
        };
        using var decoder = new ImageDecoder(preprocessing);
        return new FineTuneTransformer(
            ml,
            new TrainedNetwork(
                Network(),
                preprocessing,
                new ClassificationScoring(ClassLabels.Of(schema["Label"]), "PredictedLabel"),
                Result()
            ),
            ImageColumn.Of(schema, "Image", decoder, folder: null, uprightWhenSaved: false),
            "Score"
        );
    }

    private static OnnxGraph Network() =>
        new()
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("input", OnnxElementType.Float, -1, 3, Side, Side)],
            Outputs = [OnnxValue.Create("logits", OnnxElementType.Float, -1, 3)],
            Nodes =
            [
                OnnxNode.Create("GlobalAveragePool", ["input"], ["means"]),
                OnnxNode.Create("Mul", ["means", "scale"], ["scaled"]),
                OnnxNode.Create("Flatten", ["scaled"], ["logits"]),
            ],
            Initializers = new OrderedDictionary<string, OnnxTensor> { ["scale"] = OnnxTensor.FromFloats("scale", [1], [0.02f]) },
        };

    private static TrainingResult Result() =>
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

    private sealed class Row
    {
        public string Image { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
