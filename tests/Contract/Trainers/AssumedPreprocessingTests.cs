using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.TrainingContract.Trainers;

/// <summary>Fine-tuning says what it assumes of a backbone that does not say how it wants its images, and what would be better.</summary>
public sealed class AssumedPreprocessingTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(18);

    public void Dispose() => _images.Dispose();

    [Fact]
    public void A_better_way_is_named()
    {
        string warning = Assert.Single(
            Warnings(Backbone.FromGraph(PickyBackbone.Create())),
            w => w.Contains("assumed", StringComparison.Ordinal)
        );

        Assert.Contains("ImageNet's mean and deviation", warning, StringComparison.Ordinal);
        Assert.Contains("does better, 100 %", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stated_way_is_not_questioned() =>
        Assert.DoesNotContain(
            Warnings(Backbone.FromGraph(PickyBackbone.Create(), new ImagePreprocessing { Width = 12, Height = 12 })),
            w => w.Contains("assumed", StringComparison.Ordinal)
        );

    private IReadOnlyList<string> Warnings(Backbone backbone)
    {
        using FineTuneTransformer model = _ml
            .MulticlassClassification.Trainers.FineTune(
                new FineTuneOptions
                {
                    Backbone = backbone,
                    ImageColumnName = "Image",
                    Epochs = 2,
                    Runtime = RuntimeUnderTest.Create(),
                }
            )
            .Fit(_images.Paths(_ml));
        return model.Result.Warnings;
    }
}
