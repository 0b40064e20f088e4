using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.BatchAugmentations;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Tests.Trainers.Augmenting;

/// <summary>Whoever takes an augmentation refuses impossible settings before anything is read, all of them in one message.</summary>
public sealed class AugmentationSettingsTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void One_message_lists_all_with_their_places()
    {
        Augmentation policy = Augment.Compose(
            new RandomResizedCrop
            {
                MinArea = 0.9f,
                MaxArea = 0.3f,
                Width = -5,
            },
            Augment.Sometimes(1.5f, new Brightness { MinFactor = -1 }),
            Augment.OneOf(new HorizontalFlip(), new Gamma { Min = 2, Max = 1 })
        );
        string[] expected =
        [
            "ugmentation.Steps[0].RandomResizedCrop.Width must be at least 1, not -5.",
            "ugmentation.Steps[0].RandomResizedCrop.MinArea must be at most MaxArea, 0.3, not 0.9.",
            "ugmentation.Steps[1].Sometimes.Probability must be 0 to 1, not 1.5.",
            "ugmentation.Steps[1].Augmentation.Brightness.MinFactor must be at least 0, not -1.",
            "ugmentation.Steps[2].Choices[1].Gamma.Min must be at most Max, 1, not 2.",
        ];
        Backbone backbone = Backbone.FromGraph(
            SmallNetwork.Create(-1, 3, 16, 16),
            new ImagePreprocessing { Width = 16, Height = 16 },
            "small"
        );
        string trainer = Message(() =>
            _ml.MulticlassClassification.Trainers.FineTune(
                new FineTuneOptions
                {
                    Backbone = backbone,
                    Augmentation = policy,
                    BatchSize = 0,
                    BatchAugmentation = new Mixup { Alpha = 0, Probability = 2 },
                }
            )
        );
        IDataView data = _ml.Data.LoadFromEnumerable([new { ImagePath = "none.jpg" }]);
        Assert.All(
            [
                trainer,
                Message(() => _ml.Transforms.AugmentImages(policy)),
                Message(() => _ml.Vision().AugmentToFiles(data, policy, "never")),
                Message(() => _ml.Vision().PreviewAugmentation(data, policy, "never.png")),
            ],
            message => Assert.All(expected, line => Assert.Contains(line, message, StringComparison.Ordinal))
        );
        Assert.All(
            (string[])
                [
                    "BatchSize must be",
                    "BatchAugmentation.Mixup.Probability must be 0 to 1, not 2.",
                    "BatchAugmentation.Mixup.Alpha must be a positive number, not 0.",
                ],
            line => Assert.Contains(line, trainer, StringComparison.Ordinal)
        );
        Assert.Contains(
            "TileSize must be 8 to 2048, not 4",
            Message(() => _ml.Vision().PreviewAugmentation(data, Augment.Standard(), "never.png", new() { TileSize = 4, Draws = 0 })),
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists("never"));
    }

    [Fact]
    public void Mixing_has_limits_too() =>
        Assert.Contains(
            "CutMix.Alpha",
            Message(() =>
                _ml.MulticlassClassification.Trainers.TrainNetwork(new() { BatchAugmentation = new CutMix { Alpha = float.NaN } })
            ),
            StringComparison.Ordinal
        );

    private static string Message(Action action) => Assert.Throws<ArgumentOutOfRangeException>(action).Message;
}
