using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;

namespace MLNetExtensions.TrainingContract.Trainers;

/// <summary>Fine-tuning of networks that were not made to be trained: what is frozen needs ONNX Runtime alone.</summary>
public sealed class UnusualBackboneTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(12);

    public static TheoryData<string> Any =>
        [.. UnusualBackbones.Opaque, .. UnusualBackbones.ForOneImage, .. UnusualBackbones.Plain, "mixing images"];

    public static TheoryData<string> Trainable => [.. UnusualBackbones.ForOneImage, .. UnusualBackbones.Plain];

    public void Dispose() => _images.Dispose();

    [Theory]
    [MemberData(nameof(Any))]
    public void A_head_is_trained_saved_and_scored(string kind)
    {
        IDataView data = _images.Paths(_ml);
        using FineTuneTransformer model = Fit(data, kind, FineTuneLayers.Head);
        float[][] scores = [.. model.Transform(data).GetColumn<float[]>("Score")];

        Assert.All(scores, row => Assert.All(row, p => Assert.True(float.IsFinite(p))));
        Assert.True(scores.Select(row => row[0]).Distinct().Count() > 1);
        using var models = new ReloadedModels();
        float[][] reloaded = [.. models.Of(_ml, model, data.Schema).Transform(data).GetColumn<float[]>("Score")];
        for (int row = 0; row < scores.Length; row++)
            Assert.All(scores[row].Zip(reloaded[row]), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Theory]
    [MemberData(nameof(Trainable))]
    public void All_layers_are_trained(string kind)
    {
        IDataView data = _images.Paths(_ml);
        using FineTuneTransformer model = Fit(data, kind, FineTuneLayers.All);

        Assert.Contains(model.Result.History.Epochs, e => e.Phase == TrainingPhase.Backbone && double.IsFinite(e.TrainLoss));
        Assert.DoesNotContain(model.Result.Warnings, w => w.Contains("can be trained", StringComparison.Ordinal));
        Assert.All(model.Transform(data).GetColumn<float[]>("Score"), row => Assert.All(row, p => Assert.True(float.IsFinite(p))));
    }

    [Fact]
    public void All_layers_of_a_quantized_network_are_hardly_any()
    {
        using FineTuneTransformer model = Fit(_images.Paths(_ml), "dynamically quantized", FineTuneLayers.All);

        string warning = Assert.Single(model.Result.Warnings, w => w.Contains("can be trained", StringComparison.Ordinal));
        Assert.Contains("ConvInteger", warning, StringComparison.Ordinal);
        Assert.Contains("0.0 %", warning, StringComparison.Ordinal);
    }

    private FineTuneTransformer Fit(IDataView data, string kind, FineTuneLayers layers) =>
        _ml
            .MulticlassClassification.Trainers.FineTune(
                new FineTuneOptions
                {
                    Backbone = Backbone.FromGraph(
                        UnusualBackbones.Create(kind),
                        new ImagePreprocessing
                        {
                            Width = 16,
                            Height = 16,
                            CropFraction = 1,
                        },
                        kind
                    ),
                    ImageColumnName = "Image",
                    TrainableLayers = layers,
                    Epochs = 2,
                    FreezeEpochs = 2,
                    BatchSize = 5,
                    Runtime = RuntimeUnderTest.Create(),
                }
            )
            .Fit(data);
}
