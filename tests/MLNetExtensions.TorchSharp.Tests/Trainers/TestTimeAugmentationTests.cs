using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Trainers;

/// <summary>Scores over several views: the mean of what the plain model scores for each of them, here and in the saved zip.</summary>
public sealed class TestTimeAugmentationTests : IDisposable
{
    private const int Canvas = 20,
        Side = SmallCnn.Side,
        Margin = Canvas - Side;

    private static readonly ImagePreprocessing Preprocessing = new()
    {
        Width = Side,
        Height = Side,
        CropFraction = (float)Side / Canvas,
    };

    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(9);
    private readonly ReloadedModels _reloaded = new();

    public void Dispose()
    {
        _reloaded.Dispose();
        _images.Dispose();
    }

    [Theory]
    [InlineData("cnn", ImageTask.Classification, "TenCrop")]
    [InlineData("cnn", ImageTask.Ordinal, "Flip")]
    [InlineData("cnn", ImageTask.Regression, "FiveCrop")]
    [InlineData("cnn", ImageTask.MultiLabel, "TenCrop")]
    [InlineData("head", ImageTask.Classification, "FiveCrop")]
    [InlineData("all layers", ImageTask.Classification, "Flip")]
    public void Scores_are_the_mean_over_the_views(string trainer, ImageTask task, string kind)
    {
        TestTimeAugmentation views = kind switch
        {
            "Flip" => TestTimeAugmentation.Flip,
            "FiveCrop" => TestTimeAugmentation.FiveCrop,
            _ => TestTimeAugmentation.TenCrop,
        };
        IDataView data = Data(task);
        using TrainedImageTransformer plain = Fit(trainer, task, null),
            averaged = Fit(trainer, task, views);
        float[][] scores = Scores(averaged.Transform(data), task);
        AssertClose(MeanOverViews(plain, task, views), scores, task);
        Assert.NotEqual(Scores(plain.Transform(data), task)[0], scores[0]);

        IDataView reloaded = _reloaded.Of(_ml, averaged, data.Schema).Transform(data);
        AssertClose(scores, Scores(reloaded, task), task);
        if (task == ImageTask.MultiLabel)
            Assert.Equal(scores.Select(row => row.Select(p => p > 0.5f).ToArray()), reloaded.GetColumn<bool[]>("PredictedLabel"));
        else if (task != ImageTask.Regression)
            Assert.Equal(scores.Select(row => (uint)Array.IndexOf(row, row.Max()) + 1), reloaded.GetColumn<uint>("PredictedLabel"));
    }

    [Fact]
    public void PredictionEngine_and_exports_during_training_score_the_same()
    {
        IDataView data = Data(ImageTask.Classification);
        var export = new ExportAtEnd();
        using TrainedImageTransformer model = Fit("cnn", ImageTask.Classification, TestTimeAugmentation.TenCrop, export);
        float[][] scores = Scores(model.Transform(data), ImageTask.Classification);
        using var engine = _ml.Model.CreatePredictionEngine<ColorImages.Row, ScoreOnly>(
            _ml.Transforms.CopyColumns("Unused", "Image").Fit(data).Append(model),
            new PredictionEngineOptions { OwnsTransformer = false }
        );
        Assert.Equal(scores[3], engine.Predict(_images.Rows[3]).Score, Close);
        Assert.Equal(model.Model.Nodes.Select(n => n.OpType), export.Model!.Nodes.Select(n => n.OpType));
    }

    [Fact]
    public void A_temperature_goes_into_each_view()
    {
        using TrainedImageTransformer model = Fit("cnn", ImageTask.Classification, TestTimeAugmentation.Flip);
        OnnxGraph scaled = new MLNetExtensions.Training.Metrics.TemperatureScaling(2).Apply(model.Model);
        OnnxNode softmax = Assert.Single(scaled.Nodes, n => n.OpType == "Softmax");
        Assert.Contains(scaled.Nodes, n => n.OpType == "Mul" && n.Outputs[0] == softmax.Inputs[0]);
    }

    [Fact]
    public void Without_a_margin_crops_are_all_the_same_and_the_result_says_so()
    {
        TrainNetworkOptions options = Options(TestTimeAugmentation.FiveCrop);
        options.Preprocessing = Preprocessing with { CropFraction = 1 };
        using TrainNetworkTransformer model = _ml.TrainNetwork(options).Fit(Data(ImageTask.Classification));
        Assert.Contains("TestTimeAugmentation has one view only", Assert.Single(model.Result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_several_views_is_no_backbone()
    {
        using TrainedImageTransformer model = Fit("cnn", ImageTask.Classification, TestTimeAugmentation.Flip);
        string message = Assert.Throws<OnnxFormatException>(() => Backbone.FromGraph(model.Model, Preprocessing)).Message;
        Assert.Contains("scores 2 views of each image", message, StringComparison.Ordinal);
    }

    private IDataView Data(ImageTask task)
    {
        if (task != ImageTask.MultiLabel)
            return _images.Paths(_ml);
        return _ml.Data.LoadFromEnumerable(
            _images.Rows.Select((row, i) => new Tagged { Image = row.Image, Label = [i % 3 <= 1, i % 3 >= 1] })
        );
    }

    private TrainedImageTransformer Fit(string trainer, ImageTask task, TestTimeAugmentation? views, TrainingCallback? callback = null)
    {
        ImageTrainerOptions options =
            trainer == "cnn"
                ? Options(views)
                : new FineTuneOptions
                {
                    Backbone = SmallBackbone.Create(),
                    Preprocessing = Preprocessing,
                    TestTimeAugmentation = views,
                    Epochs = 2,
                    FreezeEpochs = 2,
                    TrainableLayers = trainer == "head" ? FineTuneLayers.Head : FineTuneLayers.All,
                    Seed = 1,
                    Threads = 1,
                    Precision = TrainingPrecision.Float32,
                };
        (options.Task, options.LabelColumnName) = (task, task == ImageTask.Regression ? "Number" : "Label");
        options.Callbacks = callback is null ? [] : [callback];
        return options is TrainNetworkOptions cnn
            ? _ml.TrainNetwork(cnn).Fit(Data(task))
            : _ml.FineTune((FineTuneOptions)options).Fit(Data(task));
    }

    private static TrainNetworkOptions Options(TestTimeAugmentation? views) =>
        new()
        {
            CreateGraph = SmallCnn.Create,
            Preprocessing = Preprocessing,
            TestTimeAugmentation = views,
            Epochs = 2,
            BatchSize = 9,
            LearningRate = 0.03f,
            Seed = 1,
            Threads = 1,
            Precision = TrainingPrecision.Float32,
        };

    /// <summary>The mean of the plain model's scores for canvases whose center is one view after the other.</summary>
    private float[][] MeanOverViews(TrainedImageTransformer plain, ImageTask task, TestTimeAugmentation views)
    {
        (int Left, int Top)[] places =
            views == TestTimeAugmentation.Flip
                ? [(Margin / 2, Margin / 2)]
                : [(Margin / 2, Margin / 2), (0, 0), (Margin, 0), (0, Margin), (Margin, Margin)];
        bool[] mirrored = views == TestTimeAugmentation.FiveCrop ? [false] : [false, true];
        using var decoder = new ImageDecoder(Preprocessing);
        byte[] canvas = new byte[decoder.CanvasBytes];
        float[][]? sums = null;
        foreach ((int left, int top) in places)
        foreach (bool mirror in mirrored)
        {
            IDataView shown = _ml.Data.LoadFromEnumerable(
                _images.Rows.Select(row =>
                {
                    decoder.DecodeFile(row.Image, canvas);
                    float[] pixels = new float[canvas.Length];
                    for (int channel = 0; channel < 3; channel++)
                    for (int y = 0; y < Side; y++)
                    for (int x = 0; x < Side; x++)
                        pixels[At(channel, (Margin / 2) + y, (Margin / 2) + x)] = canvas[
                            At(channel, top + y, left + (mirror ? Side - 1 - x : x))
                        ];
                    return new PixelRow { Image = pixels };
                })
            );
            float[][] scores = Scores(plain.Transform(shown), task);
            sums = sums is null ? scores : [.. sums.Zip(scores, (a, b) => a.Zip(b, (p, q) => p + q).ToArray())];
        }
        return [.. sums!.Select(row => row.Select(sum => sum / (places.Length * mirrored.Length)).ToArray())];

        static int At(int channel, int y, int x) => (((channel * Canvas) + y) * Canvas) + x;
    }

    private static float[][] Scores(IDataView view, ImageTask task) =>
        task == ImageTask.Regression
            ? [.. view.GetColumn<float>("Score").Select(score => new[] { score })]
            : [.. view.GetColumn<float[]>("Score")];

    private static void AssertClose(float[][] expected, float[][] actual, ImageTask task) =>
        Assert.All(
            expected.Zip(actual),
            pair => Assert.Equal(pair.First, pair.Second, (a, b) => Math.Abs(a - b) < (task == ImageTask.Regression ? 1e-4f : 1e-5f))
        );

    private static bool Close(float a, float b) => Math.Abs(a - b) < 1e-5f;

    private sealed class ExportAtEnd : TrainingCallback
    {
        public OnnxGraph? Model { get; private set; }

        public override void OnEpochEnd(EpochEndArguments arguments) => Model = arguments.Run.ExportModel();
    }

    private sealed class ScoreOnly
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class PixelRow
    {
        [VectorType(3, Canvas, Canvas)]
        public float[] Image { get; set; } = [];
    }

    private sealed class Tagged
    {
        public string Image { get; set; } = "";

        [VectorType(2)]
        public bool[] Label { get; set; } = [];
    }
}
