using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;

namespace MLNetExtensions.TrainingContract.Trainers;

/// <summary>
/// Models that were trained here, and their exports, are starts of further training: their preprocessing is inside and stays, probabilities
/// and labels come off.
/// </summary>
public sealed class ContinuedTrainingTests : IDisposable
{
    private static readonly ImagePreprocessing Preprocessing = new()
    {
        Width = 16,
        Height = 16,
        CropFraction = 0.8f,
        Channels = ImageChannelOrder.Bgr,
    };

    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(12);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<bool, FineTuneLayers> Ways =>
        new()
        {
            { false, FineTuneLayers.Head },
            { true, FineTuneLayers.Head },
            { true, FineTuneLayers.LastStages(1) },
            { false, FineTuneLayers.All },
        };

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_fine_tuned_model_is_a_backbone(bool exported, FineTuneLayers layers)
    {
        IDataView data = _images.Paths(_ml);
        using FineTuneTransformer first = FineTune(data, SmallBackbone.Create(), FineTuneLayers.Head);
        string file = Path.Combine(_folder.Path, "model.onnx");
        first.ExportOnnx(file);

        using FineTuneTransformer second = FineTune(data, exported ? Backbone.FromFile(file) : Backbone.FromGraph(first.Model), layers);

        // The first model's head is not inside: it made 3 probabilities, the features are 16.
        OnnxTensor weights = second.Model.Initializers.Values.Single(t => t.Name == "head/weight");
        Assert.Equal([3, 16], weights.Shape);
        AssertScoresAfterSaving(second, data);
    }

    [Theory]
    [InlineData(ImageTask.Classification)]
    [InlineData(ImageTask.Ordinal)]
    public void A_network_trained_from_scratch_goes_on(ImageTask task)
    {
        IDataView data = _images.Paths(_ml);
        using TrainNetworkTransformer first = TrainNetwork(data, task, outputs => SmallCnn.Create(outputs), Preprocessing);

        using TrainNetworkTransformer second = TrainNetwork(data, task, _ => first.Model, null, learningRate: 1e-7f);

        // Steps that small leave the weights where they were: the second run began with the first's.
        Assert.All(
            first.Model.Initializers["fc.weight"].ToFloats().Zip(second.Model.Initializers["fc.weight"].ToFloats()),
            pair => Assert.Equal(pair.First, pair.Second, 1e-4f)
        );
        AssertScoresAfterSaving(second, data);
        Assert.Contains(
            "inside",
            Assert.Throws<ArgumentException>(() => TrainNetwork(data, task, _ => first.Model, Preprocessing)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "inside",
            Assert.Throws<ArgumentException>(() => Backbone.FromGraph(first.Model, Preprocessing)).Message,
            StringComparison.Ordinal
        );
    }

    private FineTuneTransformer FineTune(IDataView data, Backbone backbone, FineTuneLayers layers) =>
        _ml
            .MulticlassClassification.Trainers.FineTune(
                new FineTuneOptions
                {
                    Backbone = backbone,
                    ImageColumnName = "Image",
                    TrainableLayers = layers,
                    Epochs = 2,
                    FreezeEpochs = 2,
                    BatchSize = 5,
                    Runtime = RuntimeUnderTest.Create(),
                }
            )
            .Fit(data);

    private TrainNetworkTransformer TrainNetwork(
        IDataView data,
        ImageTask task,
        Func<int, OnnxGraph> graph,
        ImagePreprocessing? preprocessing,
        float learningRate = 1e-3f
    ) =>
        _ml.TrainNetwork(
                new TrainNetworkOptions
                {
                    CreateGraph = graph,
                    Preprocessing = preprocessing,
                    Task = task,
                    ImageColumnName = "Image",
                    LearningRate = learningRate,
                    Epochs = 4,
                    BatchSize = 4,
                    Runtime = RuntimeUnderTest.Create(),
                }
            )
            .Fit(data);

    private void AssertScoresAfterSaving(ITransformer model, IDataView data)
    {
        float[][] scores = [.. model.Transform(data).GetColumn<float[]>("Score")];
        using var models = new TestData.ReloadedModels();
        float[][] reloaded = [.. models.Of(_ml, model, data.Schema).Transform(data).GetColumn<float[]>("Score")];
        Assert.True(scores.Select(row => row[0]).Distinct().Count() > 1);
        for (int row = 0; row < scores.Length; row++)
            Assert.All(scores[row].Zip(reloaded[row]), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }
}
