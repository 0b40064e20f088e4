using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Mixing;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.TrainDetector;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Metrics.Detections;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TrainingContract.DensePrediction;

public sealed class TrainDetectorTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DrawnSquares _squares = new(48);
    private readonly ReloadedModels _reloaded = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _reloaded.Dispose();
        _squares.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Squares_are_found_and_a_saved_model_finds_the_same()
    {
        IDataView data = _squares.Boxes(_ml);
        using TrainDetectorTransformer model = Train(Options(20), data);

        // So few steps find places; they do not tell the classes apart yet.
        DetectionReport report = _ml.Vision().ReportDetection(model.Transform(data));
        Assert.True(report.Errors.Missed.Count <= 9, $"{report}");
        Assert.Equal(["red", "green"], model.Classes);
        Found[] here = Read(model.Transform(data)),
            loaded = Read(_reloaded.Of(_ml, model, data.Schema).Transform(data));
        Assert.Equal(here.Length, loaded.Length);
        foreach ((Found a, Found b) in here.Zip(loaded))
        {
            AssertHas(b, a, 0.05f);
            AssertHas(a, b, 0.05f);
        }
        string file = Path.Combine(_folder.Path, "detector.onnx");
        model.ExportOnnx(file);
        using ScoreOnnxTransformer exported = _ml
            .Transforms.ScoreOnnx(new ScoreOnnxOptions { ModelFile = file, Inputs = [new OnnxInput { ColumnName = "ImagePath" }] })
            .Fit(data);
        Found[] elsewhere = Read(exported.Transform(data));
        Assert.Equal(here.Length, elsewhere.Length);
        foreach ((Found a, Found b) in here.Zip(elsewhere))
        {
            AssertHas(b, a, 1e-4f * DrawnSquares.Width);
            AssertHas(a, b, 1e-4f * DrawnSquares.Width);
        }
    }

    [Fact]
    public void Validation_measures_what_a_report_of_the_same_images_says()
    {
        using var others = new DrawnSquares(16, seed: 2);
        IDataView validation = others.Boxes(_ml);
        TrainDetectorOptions options = Options(12);
        (options.ValidationSet, options.ScoreThreshold) = (validation, 0.01f);
        using TrainDetectorTransformer model = Train(options, _squares.Boxes(_ml));

        TrainingHistory history = model.Result.History;
        double best = history.Epochs[history.BestEpoch].ValidationMeanAveragePrecision50!.Value;
        Assert.Equal(history.Epochs.Where(e => e.Phase == TrainingPhase.Backbone).Max(e => e.ValidationMeanAveragePrecision50), best);
        Assert.InRange(best, 0.05, 1);
        Assert.Equal(_ml.Vision().ReportDetection(model.Transform(validation)).MeanAveragePrecision50, best, 0.02);
    }

    [Fact]
    public void Images_are_mixed_with_their_boxes_but_in_the_last_epochs()
    {
        var seen = new SeenBoxes();
        TrainDetectorOptions options = Options(3);
        options.Mixing = [new Mosaic { Fill = 0, Probability = 0.7f }, new CopyPaste { Probability = 0.5f }];
        (options.EpochsWithoutMixing, options.Callbacks) = (1, [seen]);
        using TrainDetectorTransformer model = Train(options, _squares.Boxes(_ml));

        Assert.Contains(seen.Counts[..(2 * 12)], count => count > 8);
        Assert.All(seen.Counts[^12..], count => Assert.InRange(count, 0, 8));
        // Red squares are class 0 and green ones 1, wherever they were put.
        Assert.InRange(seen.Right, 0.9 * seen.All, seen.All);
        using TrainDetectorTransformer again = Train(options, _squares.Boxes(_ml));
        Assert.Equal(model.Result.History.Epochs.Select(e => e.TrainLoss), again.Result.History.Epochs.Select(e => e.TrainLoss));
    }

    [Fact]
    public void Of_a_crowded_image_the_largest_objects_are_trained_on_and_a_warning_says_so()
    {
        var seen = new SeenBoxes();
        TrainDetectorOptions options = Options(1);
        (options.MaxObjects, options.Callbacks) = (5, [seen]);
        float[] boxes = [.. Enumerable.Range(0, 40).SelectMany(i => new float[] { i, 0, i + 4 + (i % 8), 10 })];
        IDataView data = Keyed(
            new Objects
            {
                ImagePath = Path.Combine(_squares.Folder, "images", "1.png"),
                Label = [.. Enumerable.Repeat("red", 40)],
                BoundingBoxes = boxes,
            }
        );
        using TrainDetectorTransformer model = Train(options, data);

        Assert.Contains(
            model.Result.Warnings,
            w => w.StartsWith("1 of 1 images have more than 5 objects, up to 40", StringComparison.Ordinal)
        );
        Assert.All(seen.Counts, count => Assert.Equal(5, count));
        Assert.Equal(11, seen.Widest);
    }

    [Fact]
    public void Weights_for_other_classes_are_refused()
    {
        TrainDetectorOptions options = Options(1);
        options.ClassWeights = [1, 1, 1];
        string message = Assert.Throws<ArgumentException>(() => Train(options, _squares.Boxes(_ml))).Message;
        Assert.Contains("has 3 weights; expected 2", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stopped_run_goes_on_from_its_checkpoint_as_if_it_had_not_stopped()
    {
        IDataView data = _squares.Boxes(_ml);
        using TrainDetectorTransformer whole = Train(Options(2), data);
        TrainDetectorOptions stopped = Options(2);
        stopped.Callbacks = [new CheckpointCallback(_folder.Path), new StopAtStep(30)];
        Train(stopped, data).Dispose();
        TrainDetectorOptions resumed = Options(2);
        resumed.ResumeFrom = _folder.Path;
        using TrainDetectorTransformer rest = Train(resumed, data);

        Assert.NotNull(rest.Result.History.ResumedFrom);
        foreach ((string name, var tensor) in whole.Model.Initializers)
            Assert.Equal(tensor.RawData.ToArray(), rest.Model.Initializers[name].RawData.ToArray());
    }

    [Fact]
    public void Validation_rows_choose_the_epoch()
    {
        TrainDetectorOptions options = Options(3);
        options.ValidationFraction = 0.25f;
        using TrainDetectorTransformer model = Train(options, _squares.Boxes(_ml));

        Assert.Equal(12, model.Result.ValidationRows);
        Assert.All(model.Result.History.Epochs, epoch => Assert.NotNull(epoch.ValidationLoss));
        Assert.Equal(
            [TrainingPhase.Head, TrainingPhase.Backbone, TrainingPhase.Backbone, TrainingPhase.Backbone],
            model.Result.History.Epochs.Select(e => e.Phase)
        );
    }

    [Fact]
    public void Images_without_any_object_are_learned_from()
    {
        IDataView data = _ml.Data.TakeRows(_squares.Boxes(_ml), 1);
        using TrainDetectorTransformer model = Train(Options(1), data);
        Assert.True(double.IsFinite(model.Result.History.Epochs[^1].TrainLoss));
    }

    [Fact]
    public void A_backbone_without_the_strides_is_refused_with_those_that_it_has()
    {
        TrainDetectorOptions options = Options(1);
        options.Backbone = SmallBackbone.Create(64);
        string message = Assert.Throws<ArgumentException>(() => Train(options, _squares.Boxes(_ml))).Message;
        Assert.Contains("no map of features at stride 16", message, StringComparison.Ordinal);
        Assert.Contains("its strides are 1, 2, 4, 8", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_behind_the_maps_may_fit_the_size_of_the_file_only()
    {
        TrainDetectorOptions options = Options(1);
        Backbone larger = SmallBackbone.Create(128, [8, 12, 16, 24, 32]);
        options.Backbone = Backbone.FromGraph(
            larger.Graph with
            {
                Nodes =
                [
                    .. larger.Graph.Nodes.Select(node =>
                        node.OpType == "GlobalAveragePool"
                            ? OnnxNode.Create("AveragePool", [.. node.Inputs], [.. node.Outputs], OnnxAttribute.Of("kernel_shape", 4L, 4L))
                            : node
                    ),
                ],
            },
            larger.Preprocessing,
            "of one size"
        );
        using TrainDetectorTransformer model = Train(options, _squares.Boxes(_ml));
        Assert.True(double.IsFinite(model.Result.History.Epochs[^1].TrainLoss));
    }

    [Fact]
    public void A_class_of_the_validation_set_alone_is_named()
    {
        TrainDetectorOptions options = Options(1);
        options.ValidationSet = Keyed(Row("blue", 5, 5, 20, 20));
        string message = Assert.Throws<ArgumentException>(() => Train(options, _squares.Boxes(_ml))).Message;
        Assert.Contains("'blue'", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30, 10, 20, 20)]
    [InlineData(5, 5, 5, 20)]
    [InlineData(float.NaN, 5, 20, 20)]
    [InlineData(5, 5, float.PositiveInfinity, 20)]
    [InlineData(100, 5, 120, 20)]
    public void A_box_that_is_none_is_named_by_row_and_number(float left, float top, float right, float bottom)
    {
        IDataView data = Keyed(Row("red", 1, 1, 9, 9), Row("red", left, top, right, bottom));
        string message = Assert.Throws<InvalidDataException>(() => Train(Options(1), data)).Message;
        Assert.Contains("Row 1", message, StringComparison.Ordinal);
        Assert.Contains("box 0", message, StringComparison.Ordinal);
    }

    private TrainDetectorTransformer Train(TrainDetectorOptions options, IDataView data) =>
        _ml.MulticlassClassification.Trainers.TrainDetector(options).Fit(data);

    private static TrainDetectorOptions Options(int epochs) =>
        new()
        {
            Backbone = SmallBackbone.Create(64, [8, 12, 16, 24, 32]),
            ImageWidth = 64,
            ImageHeight = 64,
            HeadChannels = 16,
            Epochs = epochs,
            FreezeEpochs = 1,
            BatchSize = 4,
            LearningRate = 1e-2f,
            BackboneLearningRateMultiplier = 1,
            Augmentation = Augment.None(),
            ScoreThreshold = 0.001f,
            Seed = 1,
            Runtime = RuntimeUnderTest.Create(),
        };

    private IDataView Keyed(params Objects[] rows) =>
        _ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Fit(_ml.Data.LoadFromEnumerable(rows))
            .Transform(_ml.Data.LoadFromEnumerable(rows));

    private Objects Row(string label, float left, float top, float right, float bottom) =>
        new()
        {
            ImagePath = Path.Combine(_squares.Folder, "images", "1.png"),
            Label = [label],
            BoundingBoxes = [left, top, right, bottom],
        };

    /// <summary>Asserts that one has each object of the other, but for those at the threshold; equal scores have no order.</summary>
    private static void AssertHas(Found all, Found some, float tolerance)
    {
        for (int i = 0; i < some.Score.Length; i++)
        {
            float[] box = some.PredictedBoundingBoxes[(4 * i)..(4 * i + 4)];
            Assert.True(
                some.Score[i] < 0.002f
                    || Enumerable
                        .Range(0, all.Score.Length)
                        .Any(k =>
                            Math.Abs(all.Score[k] - some.Score[i]) < 1e-4f
                            && box.Zip(all.PredictedBoundingBoxes.Skip(4 * k)).All(edge => Math.Abs(edge.First - edge.Second) < tolerance)
                        ),
                $"({string.Join(", ", box.Select(edge => $"{edge:R}"))}) of score {some.Score[i]:R}"
            );
        }
    }

    private Found[] Read(IDataView scored) =>
        [
            .. _ml.Data.CreateEnumerable<Found>(
                _ml.Transforms.SelectColumns("PredictedBoundingBoxes", "Score").Fit(scored).Transform(scored),
                reuseRowObject: false
            ),
        ];

    private sealed class Objects
    {
        public string ImagePath { get; set; } = "";

        public string[] Label { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];
    }

    private sealed class Found
    {
        public float[] PredictedBoundingBoxes { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
