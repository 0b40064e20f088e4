using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Onnx;
using MLNetExtensions.Trainers.TrainDetector;
using MLNetExtensions.Training;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TrainingContract.DensePrediction;

/// <summary>Detectors whose head is in their graph, with YOLOv8's raw maps, are trained on.</summary>
public sealed class WholeDetectorTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DrawnSquares _squares = new(16);

    public void Dispose() => _squares.Dispose();

    [Fact]
    public void A_detector_that_is_not_changed_finds_what_it_found()
    {
        IDataView data = _squares.Boxes(_ml);
        using TrainDetectorTransformer first = Train(Options(), data);
        TrainDetectorOptions options = Again(first);
        (options.LearningRate, options.BatchNorm) = (1e-12f, BatchNormMode.Inference);
        using TrainDetectorTransformer second = Train(options, data);

        float[][] scores = [.. first.Transform(data).GetColumn<float[]>("Score")],
            others = [.. second.Transform(data).GetColumn<float[]>("Score")];
        Assert.Contains(scores, s => s.Length > 0);
        for (int row = 0; row < scores.Length; row++)
            Assert.Equal(scores[row].Take(20), others[row].Take(20), (a, b) => Math.Abs(a - b) < 1e-3f);
    }

    [Fact]
    public void Another_number_of_classes_begins_their_last_layers_anew()
    {
        using TrainDetectorTransformer first = Train(Options(), _squares.Boxes(_ml));
        using TrainDetectorTransformer second = Train(Again(first), Blue());

        Assert.Equal(["blue"], second.Classes);
        Assert.True(double.IsFinite(second.Result.History.Epochs[^1].TrainLoss));
        Assert.Equal(Convolutions(first.Model, 64).Count(), Convolutions(second.Model, 64).Count());
        Assert.Equal(3, Convolutions(second.Model, 1).Count());
    }

    [Fact]
    public void A_value_that_is_not_there_and_one_of_another_shape_are_named()
    {
        using TrainDetectorTransformer first = Train(Options(), _squares.Boxes(_ml));
        TrainDetectorOptions options = Again(first);
        DetectorOutput right = options.HeadOutputs[0];
        options.HeadOutputs = [new DetectorOutput("nowhere", right.Boxes)];
        Assert.Contains("no value and no node named 'nowhere'", Message(options), StringComparison.Ordinal);
        options.HeadOutputs = [new DetectorOutput(right.Boxes, right.Classes)];
        Assert.Contains("Expected the logits of distances as YOLOv8 has them", Message(options), StringComparison.Ordinal);
    }

    private string Message(TrainDetectorOptions options) =>
        Assert.Throws<ArgumentException>(() => Train(options, _squares.Boxes(_ml))).Message;

    private TrainDetectorTransformer Train(TrainDetectorOptions options, IDataView data) =>
        _ml.MulticlassClassification.Trainers.TrainDetector(options).Fit(data);

    private static TrainDetectorOptions Options() =>
        new()
        {
            Backbone = SmallBackbone.Create(64, [8, 12, 16, 24, 32]),
            ImageWidth = 64,
            ImageHeight = 64,
            HeadChannels = 16,
            Epochs = 1,
            FreezeEpochs = 0,
            BatchSize = 4,
            Augmentation = Augment.None(),
            ScoreThreshold = 0.001f,
            Seed = 1,
            Runtime = RuntimeUnderTest.Create(),
        };

    /// <summary>The options that train a detector on: its model is the network, its last convolutions the outputs.</summary>
    private static TrainDetectorOptions Again(TrainDetectorTransformer first)
    {
        TrainDetectorOptions options = Options();
        OnnxGraph model = first.Model;
        options.Backbone = Backbone.FromGraph(
            model,
            new ImagePreprocessing
            {
                Width = 64,
                Height = 64,
                CropFraction = 1,
                Scale = 1,
                Mean = [0, 0, 0],
                StandardDeviation = [1, 1, 1],
            },
            "whole"
        );
        string[] classes = [.. Convolutions(model, 2)],
            boxes = [.. Convolutions(model, 64)];
        Assert.Equal((3, 3), (classes.Length, boxes.Length));
        options.HeadOutputs = [.. classes.Zip(boxes).Select(pair => new DetectorOutput(pair.First, pair.Second))];
        return options;
    }

    /// <summary>The outputs of convolutions with so many channels and a bias, which only the last ones of towers have.</summary>
    private static IEnumerable<string> Convolutions(OnnxGraph model, int channels) =>
        model
            .Nodes.Where(node => node.OpType == "Conv" && node.Inputs.Count == 3 && model.Initializers[node.Inputs[1]].Shape[0] == channels)
            .Select(node => node.Outputs[0]);

    private IDataView Blue()
    {
        Objects[] rows =
        [
            .. Enumerable
                .Range(1, 4)
                .Select(i => new Objects { ImagePath = Path.Combine(_squares.Folder, "images", FormattableString.Invariant($"{i}.png")) }),
        ];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    private sealed class Objects
    {
        public string ImagePath { get; set; } = "";

        public string[] Label { get; set; } = ["blue"];

        public float[] BoundingBoxes { get; set; } = [4, 4, 20, 20];
    }
}
